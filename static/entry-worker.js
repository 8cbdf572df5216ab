// Opens a meeting's entry page where there is no network, and nothing else: the page is kept by
// entry-line.js, for one person, until they sign out. Sends what waits when the line is back.

import { deliver } from './outbox.js';

const PAGE = /^\/events\/[0-9a-f-]{36}\/entry$/;
const ASSETS = "/static/";
const PATIENCE = 10_000; // milliseconds

async function page(request, address) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status < 500) return answer;
    return (await caches.match(address)) ?? answer;
  } catch (error) {
    const there = await caches.match(address);
    if (there) return there;
    throw error;
  }
}

async function asset(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

async function sync() {
  for (const name of await caches.keys()) {
    const [kind, person] = name.split(":");
    if (kind === "entry") await deliver(person);
  }
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("sync", (event) => event.waitUntil(sync()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && PAGE.test(pathname)) event.respondWith(page(request, `${pathname}?kept`));
  else if (pathname.startsWith(ASSETS)) event.respondWith(asset(request));
});
