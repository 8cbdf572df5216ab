// Quick entry: what is proposed fills fields that nobody chose; saving clears the form and stays.

import { send } from "./entry-send.js";

const form = document.querySelector("[data-entry]");
const fields = form.elements;
const notices = document.querySelector("#notices");
const suggestions = document.querySelector("#suggestions");
const strip = document.querySelector("#logged");
const KEPT = ["csrf_token", "kind", "area_id"];
const OF_PERSON = ["telephone", "identity", "name", "address", "keep_person"];
const PROPOSED = ["field_id", "area_id", "proposed_unit_id"];
let isSending = false;

// Where a value comes from: "officer" who chose it, "kept" from the item before, "proposal", or "".
for (const name of PROPOSED) fields[name].dataset.from = fields[name].value ? "kept" : "";

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | 0x7000n | BigInt(bytes[6] & 15) << 8n | BigInt(bytes[7]));
  bytes[8] = (bytes[8] & 63) | 128;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function tell(kind, words) {
  const notice = document.createElement("div");
  notice.className = `alert alert-${kind}`;
  notice.textContent = words;
  notices.append(notice);
  return notice;
}

function propose(name) {
  const buttons = [...document.querySelectorAll(`[data-proposes="${name}"]`)];
  const select = fields[name];
  const [first] = buttons;
  const isFree = select.dataset.from === "" || select.dataset.from === "proposal";
  if (isFree || (select.dataset.from === "kept" && first?.hasAttribute("data-sure"))) {
    select.value = first?.dataset.value ?? "";
    select.dataset.from = first ? "proposal" : "";
  }
  for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.value === select.value);
}

function clearErrors() {
  for (const words of form.querySelectorAll(".complaint")) words.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-errormessage");
    field.classList.remove("is-invalid");
  }
}

function complain(errors) {
  for (const [name, words] of Object.entries(errors)) {
    const field = fields[name];
    if (!field) {
      tell("danger", words.join(" "));
      continue;
    }
    const complaint = document.createElement("p");
    complaint.className = "complaint";
    complaint.id = `${name}-error`;
    complaint.textContent = words.join(" ");
    field.after(complaint);
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", complaint.id);
  }
  form.querySelector("[aria-invalid]")?.focus();
}

function clear() {
  const kept = fields.keep_person.checked ? [...KEPT, ...OF_PERSON] : KEPT;
  for (const field of fields) {
    if (!field.name || kept.includes(field.name)) continue;
    if (field.type === "checkbox") field.checked = false;
    else if (field.type === "select-one") field.selectedIndex = 0;
    else if (field.type !== "submit") field.value = field.name === "persons" ? "1" : "";
  }
  fields.entry_id.value = newId();
  for (const name of PROPOSED) {
    fields[name].dataset.from = fields[name].value ? "kept" : "";
    document.getElementById(`${name}-proposed`).replaceChildren();
  }
  // What is on its way is about the words before.
  suggestions.dispatchEvent(new CustomEvent("htmx:abort"));
  suggestions.replaceChildren();
  document.querySelector("#alike-count").replaceChildren();
  if (!fields.keep_person.checked) document.querySelector("#visits").replaceChildren();
  showPerson();
  fields.content.focus();
}

function showPerson() {
  form.querySelector("[data-person]").hidden = fields.is_anonymous.checked;
}

// What was typed while the item was on its way belongs to the next one.
function typedSince(sent) {
  const now = fields.content.value;
  return now.startsWith(sent) ? now.slice(sent.length).trimStart() : now;
}

function goOn(typed) {
  fields.content.value = typed;
  fields.content.dispatchEvent(new Event("input", { bubbles: true }));
}

async function save(submitter) {
  const sent = fields.content.value;
  isSending = true;
  clearErrors();
  notices.replaceChildren();
  try {
    const { saved, errors } = await send({ address: form.action, fields: new FormData(form, submitter) });
    if (errors) return complain(errors);
    tell("success", saved.notice).toggleAttribute("data-waits", Boolean(saved.isHeld));
    for (const warning of saved.warnings) tell("warning", warning);
    const since = typedSince(sent);
    clear();
    form.dispatchEvent(new CustomEvent("saved"));
    if (since) goOn(since);
    if (!saved.isHeld) strip.dispatchEvent(new CustomEvent("logged"));
  } catch {
    tell("danger", form.dataset.unsent);
  } finally {
    isSending = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isSending) save(event.submitter);
});

// What was sent later and refused is back in the form.
form.addEventListener("refused", ({ detail }) => {
  clearErrors();
  notices.replaceChildren();
  complain(detail);
});

form.addEventListener("change", ({ target }) => {
  if (PROPOSED.includes(target.name)) target.dataset.from = target.value ? "officer" : "";
  showPerson();
});

form.addEventListener("click", ({ target }) => {
  const { proposes: name, value } = target.dataset;
  if (!name) return;
  fields[name].value = value;
  fields[name].dataset.from = "officer";
  propose(name);
});

// By the place of the key: with Alt some keyboards give another letter.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !event.code.startsWith("Key")) return;
  const wanted = document.querySelector(`main [aria-keyshortcuts="Alt+${event.code.slice(3)}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

document.body.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target === suggestions) PROPOSED.forEach(propose);
});

showPerson();
