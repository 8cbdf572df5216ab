// The drafts of whoever is signed in: each is kept for a day, and goes once a page says that what
// was sent is saved.

import * as kept from './sealed_store.js';

const KIND = "draft";
const DAY = 24 * 60 * 60 * 1000;
const SENT = "sent";
const { person } = document.body.dataset;
let last = Promise.resolve();

// One after the other: what is kept late isn't kept after it went.
function inTurn(work) {
  last = last.then(work, work);
  return last;
}

export const isAvailable = Boolean(person) && kept.isAvailable;
export const get = (name) => inTurn(() => kept.get(person, KIND, name));
export const put = (name, form) => inTurn(() => kept.put(person, KIND, name, form));
export const remove = (name) => inTurn(() => kept.remove(person, KIND, name));
export const count = () => inTurn(() => kept.count(person, KIND));

// The page that comes next is the answer to it, whichever page that is.
export function send(name) {
  sessionStorage.setItem(SENT, name);
}

async function begin() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector("#notices .alert-success")) await kept.remove(person, KIND, sent);
  await kept.removeOlder(KIND, DAY);
}

if (isAvailable) inTurn(begin);
