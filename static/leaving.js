// Whoever signs out leaves nothing in this browser: what waits is sent first; what can't be sent,
// and drafts, are removed after a warning. Whoever comes next doesn't open the pages that were
// kept for another.

import * as drafts from './draft_store.js';
import { deliver, refused, waiting } from './outbox.js';
import { forget, isAvailable } from './sealed_store.js';

const PAGES = "entry:";
const { person } = document.body.dataset;

async function removePages(isWanted) {
  const names = await caches.keys();
  return Promise.all(names.filter((name) => name.startsWith(PAGES) && isWanted(name)).map((name) => caches.delete(name)));
}

async function isReady(words) {
  if (await waiting(person)) await deliver(person).catch(() => false);
  const left = (await waiting(person)) + (await refused(person)) + (await drafts.count());
  return !left || confirm(words.replace("{count}", left));
}

async function leave(form) {
  if (!(await isReady(form.dataset.leaving))) return;
  try {
    await forget(person);
    await removePages(() => true);
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    await Promise.all(workers.map((worker) => worker.unregister()));
  } finally {
    form.submit();
  }
}

if (person && isAvailable) {
  removePages((name) => name !== `${PAGES}${person}`);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-leaving]")) return;
    event.preventDefault();
    leave(event.target);
  });
}
