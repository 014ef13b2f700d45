// The desk. What is typed goes to the server of this page once, and is kept nowhere.
const $ = (id) => document.getElementById(id);
const headers = { "Content-Type": "application/json", "X-Leaflets-Key": location.hash.slice(1) };
const languages = [...document.querySelectorAll("#languages .choice")];
const leaflets = [...document.querySelectorAll('input[name="leaflet"]')];
let chosen = [];
let address = "";
let turn = 0;  // counts what was discarded, so that a late answer is known as one
let marked;  // the language whose drafts are marked

const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
const language = () => document.querySelector('input[name="language"]:checked')?.value;
const row = (slug) => leaflets.find((one) => one.value === slug).closest(".choice");
const medicines = () => [...document.querySelectorAll("#medicines .medicine")];
const field = (medicine, name) => medicine.querySelector(`[data-field="${name}"]`);

// What the server says is English; the words of the page are in its own language.
function complain(text, english = false) {
  $("error").textContent = text;
  if (english) Object.assign($("error"), { lang: "en", dir: "ltr" });
  else for (const name of ["lang", "dir"]) $("error").removeAttribute(name);
}

// A PDF made for other choices, or for another patient, must not be left on the page.
function discard() {
  turn += 1;
  if (address) URL.revokeObjectURL(address);
  address = "";
  for (const id of ["open", "save"]) $(id).removeAttribute("href");
  for (const id of ["result", "drafts"]) $(id).hidden = true;
  $("status").textContent = "";
  complain("");
}

$("find").addEventListener("input", () => {
  const wanted = folded($("find").value.trim());
  const shown = languages.filter((one) => {
    const fits = folded(one.dataset.words).includes(wanted);
    one.classList.toggle("away", !fits);
    // What cannot be seen is not chosen.
    if (!fits) one.querySelector("input").checked = false;
    return fits;
  });
  $("none").hidden = shown.length > 0;
  if (wanted && shown.length === 1) shown[0].querySelector("input").checked = true;
  mark();
});

// Enter leads to the languages that are left, and sends nothing yet.
$("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  languages.find((one) => !one.classList.contains("away"))?.querySelector("input").focus();
});

$("own").addEventListener("change", () => {
  location.assign("/?own=" + encodeURIComponent($("own").value) + location.hash);
});

for (const one of languages) one.addEventListener("change", mark);

async function mark() {
  const tag = language();
  if (tag === marked) return;
  marked = tag;
  show([]);
  if (!tag) return;
  try {
    const answer = await fetch("/api/drafts?" + new URLSearchParams({ language: tag }), { headers });
    const body = await answer.json();
    if (tag !== marked) return;
    if (answer.ok) show(body.drafts);
    else complain(body.error, true);
  } catch {
    complain($("status").dataset.ended);
  }
}

function show(drafts) {
  for (const one of leaflets) row(one.value).querySelector(".mark").hidden = !drafts.includes(one.value);
}

for (const one of leaflets) {
  one.addEventListener("change", () => {
    chosen = chosen.filter((slug) => slug !== one.value);
    if (one.checked) chosen.push(one.value);
    list();
  });
}

function list() {
  for (const one of leaflets) {
    const place = chosen.indexOf(one.value) + 1;
    row(one.value).querySelector(".place").textContent = place ? place + "." : "";
  }
  $("ordering").hidden = chosen.length < 2;
  $("chosen").replaceChildren(...chosen.map((slug, index) => {
    const item = $("moved").content.cloneNode(true).firstElementChild;
    const name = item.querySelector(".name");
    name.id = "name-" + slug;
    name.textContent = row(slug).querySelector(".title").textContent;
    for (const [kind, step] of [["up", -1], ["down", 1]]) {
      const button = item.querySelector("." + kind);
      button.id = `${kind}-${slug}`;
      button.setAttribute("aria-labelledby", `${button.id} ${name.id}`);
      button.disabled = !(index + step in chosen);
      button.addEventListener("click", () => move(slug, step));
    }
    return item;
  }));
}

function move(slug, step) {
  const to = chosen.indexOf(slug) + step;
  chosen = chosen.filter((one) => one !== slug);
  chosen.splice(to, 0, slug);
  discard();
  list();
  const [button, other] = (step < 0 ? ["up-", "down-"] : ["down-", "up-"]).map((kind) => $(kind + slug));
  (button.disabled ? other : button).focus();
  $("status").textContent = `${$("name-" + slug).textContent}: ${to + 1} / ${chosen.length}`;
}

$("add").addEventListener("click", () => {
  $("medicines").append($("medicine").content.cloneNode(true));
  const added = $("medicines").lastElementChild;
  added.querySelector(".remove").addEventListener("click", () => {
    added.remove();
    discard();
    $("add").focus();
  });
  discard();
  demand();
  field(added, "name").focus();
});

// The browser says in its own words what lacks or cannot be; nothing that was typed is left out.
function demand() {
  $("day").required = Boolean($("time").value || $("place").value.trim());
  for (const one of medicines()) {
    const kept = field(one, "keep").value === "yes";
    field(one, "name").required = true;
    for (const name of ["last", "restart"]) {
      field(one, name).disabled = kept;
      if (kept) field(one, name).value = "";
    }
    const last = field(one, "last").valueAsDate;
    const day = 24 * 60 * 60 * 1000;
    field(one, "restart").min = last ? new Date(last.getTime() + day).toISOString().slice(0, 10) : $("day").min;
  }
}

for (const kind of ["input", "change"]) {
  $("order").addEventListener(kind, () => {
    discard();
    demand();
  });
}

function personal() {
  const found = {};
  if ($("procedure").value) found.procedure = $("procedure").value;
  if ($("day").value) {
    found.appointment = { day: $("day").value, time: $("time").value, place: $("place").value.trim() };
  }
  const told = medicines().map((one) => {
    const value = (name) => field(one, name).value.trim();
    const medicine = { name: value("name"), told_by: value("told_by") };
    if (value("keep")) medicine.keep = value("keep") === "yes";
    for (const name of ["last", "restart"]) if (value(name)) medicine[name] = value(name);
    return medicine;
  });
  if (told.length) found.medicines = told;
  return found;
}

const order = (drafts) => JSON.stringify({
  language: language(), leaflets: chosen, format: $("format").value,
  own: document.documentElement.lang, drafts, personal: personal(),
});

async function make(drafts) {
  discard();
  if (!language() || !chosen.length) {
    complain($("status").dataset.nothing);
    (language() ? leaflets[0] : $("find")).focus();
    return;
  }
  const { working, ready, unentered, ended } = $("status").dataset;
  $("status").textContent = working;
  const mine = turn;
  let answer;
  let made;
  try {
    answer = await fetch("/api/packet", { method: "POST", headers, body: order(drafts) });
    made = answer.ok ? await answer.blob() : await answer.json();
  } catch {
    if (mine === turn) $("status").textContent = "";
    complain(ended);
    return;
  }
  // Something was changed meanwhile: this is not what is wanted any more.
  if (mine !== turn) return;
  $("status").textContent = "";
  if (answer.status === 409) {
    $("drafts").hidden = false;
    $("drafts").focus();
    return;
  }
  if (!answer.ok) {
    complain(made.error, true);
    return;
  }
  address = URL.createObjectURL(made);
  $("open").href = address;
  $("save").href = address;
  $("result").hidden = false;
  const entered = answer.headers.get("X-Leaflets-Entered") === "yes";
  $("status").textContent = entered ? ready : `${ready} ${unentered}`;
  $("open").focus();
}

$("order").addEventListener("submit", (event) => {
  event.preventDefault();
  make(false);
});
// A field that is wrong cannot be shown in what is folded.
$("make").addEventListener("click", () => {
  demand();
  if (!$("order").checkValidity()) $("details").open = true;
});
$("anyway").addEventListener("click", () => make(true));

// Nothing of this patient may reach the next.
$("next").addEventListener("click", () => {
  const format = $("format").value;
  $("medicines").replaceChildren();
  $("order").reset();
  $("format").value = format;
  $("details").open = false;
  chosen = [];
  list();
  $("find").dispatchEvent(new Event("input", { bubbles: true }));
  $("find").focus();
});
