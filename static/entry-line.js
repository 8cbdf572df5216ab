// Without a network: says so, counts what waits, sends it when the line is back, and brings back
// what the server refused. Keeps the page itself, so that it opens without a network.

import { fill } from './filling.js';
import { changes, deliver, drop, nextRefused, refused, waiting } from './outbox.js';

const SHORTEST = 2_000; // milliseconds between two attempts
const LONGEST = 60_000;
const { person } = document.body.dataset;
const form = document.querySelector("[data-entry]");
const line = document.querySelector("#line");
const strip = document.querySelector("#logged");
const back = document.querySelector("#refused");
let waited = 0;
// What stands as logged lacks something; on the page that was kept, all.
let isStale = !strip.childElementCount;
let pause = SHORTEST;
let timer = null;
let running = Promise.resolve();
let isKept = !navigator.serviceWorker;

async function show() {
  const count = await waiting(person);
  // Whoever sent it: this page, another one, or the worker.
  if (waited && !count) isStale = true;
  waited = count;
  if (isStale && !count && line.dataset.state === "online") showLogged();
  const state = line.dataset.state ?? "online";
  line.hidden = state === "online" && !count;
  for (const words of line.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state;
  line.querySelector("[data-waiting]").hidden = !count;
  line.querySelector("[data-count]").textContent = count;
  back.hidden = !(await refused(person));
}

async function reached() {
  try {
    return (await deliver(person)) ? "online" : "signed-out";
  } catch {
    return "offline";
  }
}

async function attempt() {
  await show();
  const state = await reached();
  pause = state === "offline" ? Math.min(pause * 2, LONGEST) : SHORTEST;
  clearTimeout(timer);
  if (state !== "online") timer = setTimeout(run, state === "offline" ? pause : LONGEST);
  line.dataset.state = state;
  await show();
  if (state === "online") await keepPage();
  if (state === "offline") await askForSync();
}

function showLogged() {
  isStale = false;
  document.querySelector("#notices [data-waits]")?.remove();
  strip.dispatchEvent(new CustomEvent("logged"));
}

// One attempt at a time; who comes meanwhile waits for the next one. One that broke off stops none.
function run() {
  running = running.then(attempt, attempt);
}

function runNow() {
  pause = SHORTEST;
  run();
}

async function askForSync() {
  if (!navigator.serviceWorker) return;
  const worker = await navigator.serviceWorker.getRegistration("/events/");
  // Not in every browser, and not everywhere allowed: the timer does it as well.
  await worker?.sync?.register("outbox").catch(() => null);
}

async function keepPage() {
  if (isKept) return;
  await navigator.serviceWorker.register("/sw.js", { scope: "/events/", type: "module" });
  const cache = await caches.open(`entry:${person}`);
  const address = `${location.pathname}?kept`;
  const answer = await fetch(address, { redirect: "manual" });
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const assets = page.querySelector("[data-assets]")?.dataset.assets.split(" ") ?? [];
  isKept = answer.ok;
  // A page of another person, or of a meeting that has ended, isn't kept.
  if (!answer.ok || page.body.dataset.person !== person || !assets.length) {
    await cache.delete(address);
    return;
  }
  const there = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll(assets.filter((asset) => !there.has(asset)));
  await cache.put(address, answer);
}

async function takeBack() {
  const item = await nextRefused(person);
  if (!item) return;
  if (form.elements.content.value.trim()) {
    form.elements.content.focus();
    return;
  }
  fill(form, item.form, (field) => field.name !== "csrf_token" && field.type !== "submit");
  const errors = JSON.parse(item.form.get("refused"));
  if (!errors[""]?.length && !Object.keys(errors).some(Boolean)) errors[""] = [line.dataset.refused];
  form.dispatchEvent(new CustomEvent("refused", { detail: errors }));
  await drop(person, form.action, item.form);
  await show();
}

changes.addEventListener("message", ({ data }) => {
  // While many go out the band says no longer that there is no network.
  if (data === "sent") line.dataset.state = "online";
  if (data === "held") run();
  else show();
});
addEventListener("online", runNow);
addEventListener("offline", runNow);
document.addEventListener("visibilitychange", () => document.hidden || runNow());
// Whoever types isn't led away to sign in: the band says it.
document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  event.preventDefault();
  runNow();
});
strip.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target === strip && !detail.successful) isStale = true;
});
back.querySelector("button").addEventListener("click", takeBack);
run();
