// The desk. What is typed goes to the server of this page once, and is kept nowhere.
const $ = (id) => document.getElementById(id);
const token = location.hash.slice(1);
const leaflets = [...document.querySelectorAll('input[name="leaflet"]')];
let chosen = [];
let address = "";

const folded = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

$("find").addEventListener("input", () => {
  const wanted = folded($("find").value.trim());
  const shown = [...document.querySelectorAll("#languages .choice")].filter((one) => {
    const fits = folded(one.dataset.words).includes(wanted);
    one.classList.toggle("away", !fits);
    return fits;
  });
  if (wanted && shown.length === 1) shown[0].querySelector("input").checked = true;
});

$("own").addEventListener("change", () => {
  location.assign("/?own=" + encodeURIComponent($("own").value) + location.hash);
});

for (const one of leaflets) {
  one.addEventListener("change", () => {
    chosen = chosen.filter((slug) => slug !== one.value);
    if (one.checked) chosen.push(one.value);
    for (const other of leaflets) {
      const place = chosen.indexOf(other.value) + 1;
      other.closest(".choice").querySelector(".place").textContent = place ? place + "." : "";
    }
  });
}

$("add").addEventListener("click", () => {
  $("medicines").append($("medicine").content.cloneNode(true));
  $("medicines").lastElementChild.querySelector("input").focus();
});

function personal() {
  const found = {};
  if ($("procedure").value) found.procedure = $("procedure").value;
  if ($("day").value) {
    found.appointment = { day: $("day").value, time: $("time").value, place: $("place").value.trim() };
  }
  const medicines = [...document.querySelectorAll("#medicines .medicine")].map((row) => {
    const value = (field) => row.querySelector(`[data-field="${field}"]`).value.trim();
    const one = { name: value("name"), told_by: value("told_by") };
    if (value("keep")) one.keep = value("keep") === "yes";
    if (value("last")) one.last = value("last");
    if (value("restart")) one.restart = value("restart");
    return one;
  }).filter((one) => one.name || one.told_by || one.last || one.restart);
  if (medicines.length) found.medicines = medicines;
  return found;
}

async function make(drafts) {
  const language = document.querySelector('input[name="language"]:checked');
  $("error").textContent = "";
  $("result").hidden = true;
  $("drafts").hidden = true;
  if (!language || !chosen.length) {
    $("error").textContent = $("status").dataset.nothing;
    return;
  }
  $("status").textContent = $("status").dataset.working;
  const order = {
    language: language.value, leaflets: chosen, format: $("format").value,
    own: document.documentElement.lang, drafts, personal: personal(),
  };
  let answer;
  try {
    answer = await fetch("/api/packet", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Leaflets-Key": token },
      body: JSON.stringify(order),
    });
  } catch (error) {
    $("status").textContent = "";
    $("error").textContent = String(error.message);
    return;
  }
  $("status").textContent = "";
  if (answer.status === 409) {
    $("drafts").hidden = false;
    $("drafts").focus();
    return;
  }
  if (!answer.ok) {
    $("error").textContent = (await answer.json()).error;
    return;
  }
  if (address) URL.revokeObjectURL(address);
  address = URL.createObjectURL(await answer.blob());
  $("open").href = address;
  $("save").href = address;
  $("result").hidden = false;
  $("status").textContent = $("status").dataset.ready;
  $("open").focus();
}

// A PDF that was made for other choices must not be taken for that of these.
$("order").addEventListener("change", () => { $("result").hidden = true; $("status").textContent = ""; });
$("order").addEventListener("submit", (event) => { event.preventDefault(); make(false); });
$("anyway").addEventListener("click", () => make(true));
