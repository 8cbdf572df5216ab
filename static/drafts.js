// What somebody types into a form outlives a dropped line, an expired session and a closed tab: it is
// kept in this browser for a day and offered when the same person opens the form again.

import * as drafts from './draft_store.js';
import { fill } from './filling.js';

const PAUSE = 300; // milliseconds without a key
const NEVER = ["hidden", "password", "file", "submit", "button"];

const offer = document.querySelector("#draft");
const forms = [...document.querySelectorAll("#main form[method=post]")].filter((form) => form.querySelector("textarea"));

function nameOf(form) {
  return new URL(form.action).pathname;
}

function isKept(field) {
  return field.name && !NEVER.includes(field.type);
}

function fieldsOf(form) {
  return [...form.elements].filter(isKept);
}

function typed(form) {
  const names = new Set(fieldsOf(form).map((field) => field.name));
  const found = new FormData();
  for (const [name, value] of new FormData(form)) if (names.has(name)) found.append(name, value);
  return found;
}

function same(one, other) {
  const [written, there] = [one, other].map((form) => JSON.stringify([...form]).replaceAll("\\r\\n", "\\n"));
  return written === there;
}

function show(form, { form: draft, at }) {
  const box = offer.content.firstElementChild.cloneNode(true);
  const [restore, drop] = box.querySelectorAll("button");
  const time = at.toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  box.querySelector("[data-name]").textContent = `“${form.querySelector("[type=submit]").textContent.trim()}”, ${time}`;
  restore.addEventListener("click", () => {
    fill(form, draft, isKept);
    box.remove();
    fieldsOf(form)[0].focus();
  });
  drop.addEventListener("click", async () => {
    await drafts.remove(nameOf(form));
    box.remove();
  });
  form.closest("details")?.setAttribute("open", "");
  form.prepend(box);
}

function watch(form) {
  const empty = typed(form);
  let timer = null;
  function keep() {
    timer = null;
    const now = typed(form);
    if (same(now, empty)) drafts.remove(nameOf(form));
    else drafts.put(nameOf(form), now);
  }
  function stop() {
    clearTimeout(timer);
    timer = null;
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (timer) {
      stop();
      keep();
    }
    if (!event.defaultPrevented) drafts.send(nameOf(form));
  });
  form.addEventListener("saved", () => {
    stop();
    drafts.remove(nameOf(form));
  });
}

async function begin() {
  for (const form of forms) {
    const draft = await drafts.get(nameOf(form));
    if (draft && !same(draft.form, typed(form))) show(form, draft);
  }
}

if (offer && drafts.isAvailable) {
  forms.forEach(watch);
  begin();
}
