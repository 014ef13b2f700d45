// The preview: shows a view, follows changes, and saves what is typed. No library, nothing from outside.

const $ = (id) => document.getElementById(id);
const WORDS = {
  missing: "not translated", fuzzy: "fuzzy", unsigned: "not signed", changed: "changed since signed",
  signed: "signed", source: "English",
};
const ROLES = {
  H1: "Heading 1", H2: "Heading 2", H3: "Heading 3", P: "Paragraph", LI: "List item", TH: "Table head",
  TD: "Table cell", Figure: "Picture", Caption: "Caption", BlockQuote: "Quotation",
};

let view = null;
let english = null;
let epoch = 0;
let chosen = "";
let unsaved = false;

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

const ask = async (address, options) => {
  const answer = await fetch(address, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error || "The preview does not answer.");
  return body;
};

const say = (text) => { $("status").textContent = text; };
const complain = (text) => { $("error").textContent = text; };

const selection = () => ({ leaflet: $("leaflet").value, language: $("language").value, format: $("format").value });
const address = (choice) => "/api/view?" + new URLSearchParams(choice);

async function begin() {
  const choices = await ask("/api/choices");
  const wanted = new URLSearchParams(location.search);
  for (const [name, options] of [["leaflet", choices.leaflets], ["language", choices.languages], ["format", choices.formats]]) {
    $(name).replaceChildren(...Object.entries(options).map(([value, text]) => element("option", { value }, text)));
    if (options[wanted.get(name)]) $(name).value = wanted.get(name);
    $(name).addEventListener("change", () => { chosen = ""; unsaved = false; show(); });
  }
  $("beside").addEventListener("change", show);
  $("tints").addEventListener("change", () => document.body.classList.toggle("tints", $("tints").checked));
  $("aloud").addEventListener("change", paintSpoken);
  document.body.classList.add("tints");
  await show();
  follow();
}

async function show() {
  const choice = selection();
  history.replaceState(null, "", "?" + new URLSearchParams(choice));
  say("Setting the page …");
  const began = performance.now();
  try {
    const shown = await ask(address(choice));
    const other = $("beside").checked ? await ask(address({ ...choice, language: "en" })) : null;
    epoch = shown.epoch;
    english = other && other.view;
    complain(shown.error ? shown.error + " The last good page is shown." : "");
    if (shown.view) {
      view = shown.view;
      await paint();
      say(shown.error ? "" : "Page shown in " + ((performance.now() - began) / 1000).toFixed(1) + " s.");
    }
  } catch (error) {
    complain(error.message);
  }
}

async function follow() {
  for (;;) {
    if (document.hidden) await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
    try {
      const changed = await ask("/api/changes?since=" + epoch);
      if (changed.epoch > epoch) await show();
    } catch {
      complain("The preview has ended. Start it again in the terminal.");
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

const sentence = (id) => view.sentences.find((one) => one.id === id);
const text = (one) => (one.forms.find(Boolean) || one.source[one.source.length - 1]).replace(/<[^>]*>/g, "");

// A picture is put in place only when it is loaded, so that the page does not flicker.
const picture = (from, number, alt) => new Promise((done) => {
  const image = element("img", { src: `/page/${from.token}/${number}.png`, alt });
  image.addEventListener("load", () => done(image));
  image.addEventListener("error", () => done(image));
});

async function paint() {
  const printed = view.medium === "print";
  $("budget-line").hidden = !printed;
  $("aloud").disabled = !printed;
  $("budget").max = Math.max(view.budget, view.pages);
  $("budget").value = view.pages;
  $("budget").high = view.budget;
  $("budget-text").textContent = `${view.pages} of ${view.budget} pages` + (view.pages > view.budget ? ": too many" : "");
  document.body.classList.toggle("beside", Boolean(english));
  const sheets = printed ? await printedSheets() : [await unpagedSheet()];
  const { scrollTop, scrollLeft } = $("pages");
  $("pages").replaceChildren(...sheets);
  $("pages").scrollTo(scrollLeft, scrollTop);
  paintFaults();
  paintList();
  paintSpoken();
  if (!unsaved) paintDetail();
}

async function printedSheets() {
  const sheets = [];
  for (let number = 1; number <= Math.max(view.pages, english ? english.pages : 0); number += 1) {
    const sheet = element("div", { class: "sheet" });
    if (english && number <= english.pages) {
      sheet.append(element("figure", { class: "page", lang: "en" }, await picture(english, number, `English, page ${number}`),
        element("figcaption", {}, `English, page ${number}`)));
    }
    if (number <= view.pages) sheet.append(await page(number));
    sheets.push(sheet);
  }
  return sheets;
}

// A web page or plain text is shown as it is: it has no pages, and its sentences no place on them.
async function unpagedSheet() {
  const sheet = element("div", { class: "sheet" });
  if (english) sheet.append(await unpaged(english, "English"));
  sheet.append(await unpaged(view, view.medium === "screen" ? "The web page" : "The plain text"));
  return sheet;
}

async function unpaged(from, caption) {
  const file = `/file/${from.token}`;
  const shown = from.medium === "screen"
    ? element("iframe", { src: file, title: caption, lang: from.language })
    : element("pre", { lang: from.language, dir: from.direction }, await words(file));
  return element("figure", { class: "page unpaged" }, shown, element("figcaption", {}, caption));
}

async function words(file) {
  const answer = await fetch(file);
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer.text();
}

function paintFaults() {
  $("faults").hidden = !view.problems.length;
  $("faults").querySelector("ul").replaceChildren(...view.problems.map((problem) => element("li", {},
    element("strong", {}, problem.code + " "),
    [problem.page ? `page ${problem.page}:` : "", problem.message, problem.text ? `“${problem.text}”` : "", problem.hint].filter(Boolean).join(" "))));
}

async function page(number) {
  const image = await picture(view, number, `Page ${number} of ${view.pages}`);
  const canvas = element("div", { class: "canvas", dir: view.direction }, image);
  for (const spot of view.spots.filter((one) => one.page === number)) {
    const one = sentence(spot.message);
    if (!one) continue;
    const problem = one.problems.length ? " problem" : "";
    const mark = element("span", {
      class: "spot " + one.state + problem + (spot.message === chosen ? " chosen" : ""),
      "data-message": spot.message, "aria-hidden": "true", title: described(one),
    });
    Object.assign(mark.style, {
      left: spot.left + "%", top: spot.top + "%", width: spot.width + "%", height: spot.height + "%",
    });
    canvas.append(mark);
  }
  // For the mouse; the list of sentences is for the keyboard, and for whoever cannot see the page.
  canvas.addEventListener("click", (event) => {
    const mark = event.target.closest(".spot");
    if (mark) choose(mark.dataset.message);
  });
  return element("figure", { class: "page" }, canvas, element("figcaption", {}, `Page ${number} of ${view.pages}`));
}

const described = (one) => {
  const count = one.problems.length;
  return WORDS[one.state] + (count ? `, ${count} ${count === 1 ? "problem" : "problems"}` : "");
};

// A placeholder is Latin text: isolated, so that a line from right to left does not turn it round.
const isolated = (words) => words.split(/(%\(\w+\)s)/).map((piece, index) => (index % 2 ? element("bdi", { dir: "ltr" }, piece) : piece));

function place(one) {
  if (view.medium !== "print") return "";
  return one.pages.length ? `, page ${one.pages[0]}` : ", read aloud only";
}

function paintList() {
  $("sentences").replaceChildren(...view.sentences.map((one) => {
    const button = element("button", { type: "button", "aria-current": String(one.id === chosen) },
      element("span", { class: "words", lang: one.forms.some(Boolean) ? view.language : "en", dir: one.forms.some(Boolean) ? view.direction : "ltr" }, ...isolated(text(one))),
      element("span", { class: "id" }, one.id + place(one)),
      element("span", { class: "state " + (one.problems.length ? "problem" : one.state) }, described(one)));
    button.addEventListener("click", () => choose(one.id));
    return element("li", {}, button);
  }));
}

function paintSpoken() {
  const aloud = $("aloud").checked && view?.medium === "print";
  $("pages").hidden = aloud;
  $("spoken").hidden = !aloud;
  if (!view) return;
  $("spoken").querySelector("ol").replaceChildren(...view.aloud.map((one) => element("li", {},
    element("span", { class: "role" }, `${ROLES[one.role] || one.role}, page ${one.page}: `),
    element("span", { lang: view.language, dir: "auto" }, one.text))));
}

function choose(id) {
  if (unsaved && id !== chosen && !window.confirm("Leave this sentence without saving?")) return;
  chosen = id;
  unsaved = false;
  for (const spot of document.querySelectorAll(".spot")) {
    spot.classList.toggle("chosen", spot.dataset.message === id);
  }
  for (const [index, item] of [...$("sentences").children].entries()) {
    item.firstChild.setAttribute("aria-current", String(view.sentences[index].id === id));
  }
  paintDetail();
  document.querySelector(".spot.chosen")?.scrollIntoView({ block: "nearest" });
  ($("detail").querySelector("textarea") || $("panel-title")).focus();
}

function paintDetail() {
  const one = sentence(chosen);
  if (!one) {
    $("panel-title").textContent = "No sentence chosen";
    $("detail").replaceChildren(element("p", {}, view.medium === "print" ? "Choose a sentence on the page, or in the list below." : "Choose a sentence in the list below."));
    return;
  }
  $("panel-title").textContent = one.id;
  $("panel-title").tabIndex = -1;
  const list = element("dl", {}, element("dt", {}, "English"), element("dd", { lang: "en" }, ...lines(one.source)));
  if (one.previous.length) {
    list.append(element("dt", {}, "What changed"), element("dd", { lang: "en" }, ...one.previous.map((piece) =>
      piece.kind === "same" ? piece.text : element(piece.kind === "added" ? "ins" : "del", {}, piece.text))));
  }
  list.append(element("dt", {}, "State"), element("dd", {}, described(one)));
  if (one.notes.length) {
    list.append(element("dt", {}, "Notes"), element("dd", {}, element("ul", {}, ...one.notes.map((note) => element("li", {}, note)))));
  }
  if (one.file) list.append(element("dt", {}, "Kept in"), element("dd", {}, `${one.file}:${one.line}`));
  const parts = [list];
  if (one.problems.length) {
    parts.push(element("div", { class: "problems" }, ...one.problems.map((problem) =>
      element("p", {}, element("strong", {}, problem.code + " "), problem.message + " ", problem.hint))));
  }
  if (one.state !== "source") parts.push(form(one));
  $("detail").replaceChildren(...parts);
}

const lines = (texts) => texts.flatMap((one, index) => (index ? [element("br"), one] : [one]));

function form(one) {
  const areas = one.forms.map((value, index) => {
    const area = element("textarea", { id: "form" + index, lang: view.language, dir: view.direction, spellcheck: "true" });
    area.value = value;
    area.addEventListener("input", () => { unsaved = true; });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); made.requestSubmit(); }
    });
    return area;
  });
  const labels = areas.flatMap((area, index) => [
    element("label", { for: area.id }, areas.length > 1 ? `Translation, plural form ${index + 1} of ${areas.length}` : "Translation"), area,
  ]);
  const made = element("form", {}, ...labels, element("button", { type: "submit", class: "save" }, "Save"), " ",
    element("span", {}, "or Ctrl+Enter"));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    say("Saving …");
    try {
      const body = { language: view.language, domain: one.domain, id: one.id, forms: areas.map((area) => area.value), digest: view.digests[one.domain] };
      await ask("/api/sentence", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      unsaved = false;
      say("Saved.");
    } catch (error) {
      say("");
      complain(error.message);
    }
  });
  return made;
}

begin().catch((error) => complain(error.message));
