// What was written down at a meeting and waits until the server has it: each item once, in their
// order, by one sender at a time, and only ever as the person who wrote it.

import * as kept from './sealed_store.js';

const WAITING = "waiting";
const REFUSED = "refused";
const JSON_WANTED = { Accept: "application/json" };
const PATIENCE = 120_000; // milliseconds; a photo on a bad line takes its time
const PATIENCE_FOR_TOKEN = 15_000;
const SIGNED_OUT = 401;
const STALE = 400;
const LATER = [408, 425, 429];

// Tells all pages of this browser that something went or came.
export const changes = new BroadcastChannel("outbox");
const telling = new BroadcastChannel("outbox");

export async function hold(person, address, fields) {
  fields.delete("csrf_token");
  await kept.put(person, WAITING, nameOf(address, fields), fields);
  telling.postMessage("held");
}

export const waiting = (person) => kept.count(person, WAITING);
export const refused = (person) => kept.count(person, REFUSED);
export const nextRefused = (person, order) => kept.next(person, REFUSED, order);

export async function drop(person, address, fields) {
  await kept.remove(person, REFUSED, nameOf(address, fields));
  telling.postMessage("dropped");
}

// Sends what waits. Gives false where `person` has to sign in first; throws where the server can't
// be reached.
export function deliver(person) {
  return navigator.locks.request("outbox", () => sendAll(person));
}

// What the server answers to one item. fields: FormData. token: of the form.
export async function post(address, fields, token, patience = PATIENCE) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { ...JSON_WANTED, "X-CSRFToken": token },
    body: fields,
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  });
  if (answer.status >= 500 || LATER.includes(answer.status)) throw new Error(`later: ${answer.status}`);
  return answer;
}

export function isSignedOut(answer) {
  return answer.status === SIGNED_OUT || answer.type === "opaqueredirect";
}

// Why an item was refused: texts by field.
export async function reasons(answer) {
  return answer.status === 422 ? (await answer.json()).errors : { "": [] };
}

function nameOf(address, fields) {
  return `${new URL(address, location.origin).pathname}#${fields.get("entry_id")}`;
}

async function tokenOf(person) {
  const answer = await fetch("/events/session", { headers: JSON_WANTED, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_FOR_TOKEN) });
  if (answer.status >= 500) throw new Error(`later: ${answer.status}`);
  if (!answer.ok) return null;
  const session = await answer.json();
  return session.person === person ? session.token : null;
}

async function sendAll(person) {
  let token = await tokenOf(person);
  let isSecondTry = false;
  let item = await kept.next(person, WAITING);
  while (token && item) {
    const answer = await post(item.name, item.form, token);
    if (isSignedOut(answer)) return false;
    if (answer.status === STALE && !isSecondTry) {
      // Somebody signed in anew meanwhile: the token is of before.
      token = await tokenOf(person);
      isSecondTry = true;
      continue;
    }
    if (!answer.ok) await putBack(person, item, await reasons(answer));
    await kept.remove(person, WAITING, item.name);
    telling.postMessage("sent");
    isSecondTry = false;
    item = await kept.next(person, WAITING, item.order);
  }
  return token !== null;
}

async function putBack(person, item, errors) {
  item.form.set("refused", JSON.stringify(errors));
  await kept.put(person, REFUSED, item.name, item.form);
}
