/* Search and filters. Without this script everything is listed; written for old browsers too. */
(function () {
  "use strict";
  var form = document.getElementById("filters");
  var words = document.getElementById("words");
  var chosen = { language: document.getElementById("language"), format: document.getElementById("format"), topic: document.getElementById("topic") };
  var leaflets = Array.prototype.slice.call(document.querySelectorAll(".leaflet"));

  /* Accents and vowel marks are forgiven: they stand apart after decomposition. */
  function folded(text) {
    var plain = text.toLowerCase();
    if (plain.normalize) { plain = plain.normalize("NFD").replace(/[\u0300-\u036f\u064b-\u065f\u0670]/g, ""); }
    return plain.replace(/ł/g, "l").replace(/ß/g, "ss");
  }

  /* How many letters must be added, left out, changed or swapped to make one word of another. */
  function distance(one, other, limit) {
    var before = [], row = [], next, i, j;
    for (j = 0; j <= other.length; j += 1) { row[j] = j; }
    for (i = 1; i <= one.length; i += 1) {
      next = [i];
      var best = i;
      for (j = 1; j <= other.length; j += 1) {
        var cost = one.charAt(i - 1) === other.charAt(j - 1) ? 0 : 1;
        next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + cost);
        if (i > 1 && j > 1 && one.charAt(i - 1) === other.charAt(j - 2) && one.charAt(i - 2) === other.charAt(j - 1)) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
        best = Math.min(best, next[j]);
      }
      if (best > limit) { return limit + 1; }
      before = row;
      row = next;
    }
    return row[other.length];
  }

  function forgiven(word) { return word.length < 4 ? 0 : word.length < 8 ? 1 : 2; }

  function matches(wanted, text, known) {
    if (text.indexOf(wanted) >= 0) { return true; }
    var limit = forgiven(wanted);
    return limit > 0 && known.some(function (word) {
      return distance(wanted, word, limit) <= limit || distance(wanted, word.slice(0, wanted.length), limit) <= limit;
    });
  }

  var texts = leaflets.map(function (one) {
    var text = folded(one.getAttribute("data-words"));
    return { text: text, known: text.split(/[\s:,()–-]+/).filter(Boolean) };
  });

  function show() {
    var wanted = folded(words.value).split(/\s+/).filter(Boolean);
    var shown = 0;
    leaflets.forEach(function (leaflet, index) {
      var found = (!chosen.topic.value || leaflet.getAttribute("data-topic") === chosen.topic.value) &&
        wanted.every(function (word) { return matches(word, texts[index].text, texts[index].known); });
      var any = false;
      Array.prototype.forEach.call(leaflet.querySelectorAll(".row"), function (row) {
        var fits = !chosen.language.value || row.getAttribute("data-language") === chosen.language.value;
        var files = 0;
        Array.prototype.forEach.call(row.querySelectorAll(".file"), function (file) {
          file.hidden = Boolean(chosen.format.value) && file.getAttribute("data-format") !== chosen.format.value;
          files += file.hidden ? 0 : 1;
        });
        row.hidden = !fits || files === 0;
        any = any || !row.hidden;
      });
      leaflet.hidden = !(found && any);
      shown += leaflet.hidden ? 0 : 1;
    });
    document.getElementById("count").textContent = shown === 1 ? "1 leaflet" : shown + " leaflets";
    document.getElementById("none").hidden = shown > 0;
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  words.addEventListener("input", show);
  ["language", "format", "topic"].forEach(function (name) { chosen[name].addEventListener("change", show); });
  show();
}());
