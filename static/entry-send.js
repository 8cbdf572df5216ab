// Sends one item of a meeting. entry: { address, fields }, fields a FormData. Gives what the server
// says: { saved } or { errors }, texts by field. Where it can't be reached, or others wait already,
// the item is kept in this browser and goes out later: that is `saved` as well.

import { drop, hold, isSignedOut, post, reasons, waiting } from './outbox.js';

const PATIENCE = 15_000;
const { person } = document.body.dataset;
const line = document.querySelector("#line");

export async function send({ address, fields }) {
  const answer = (await waiting(person)) ? null : await reach(address, fields);
  if (answer?.status === 201) {
    await drop(person, address, fields);
    return { saved: await answer.json() };
  }
  if (answer) {
    const errors = await reasons(answer);
    return { errors: answer.status === 422 ? errors : { "": [line.dataset.refused] } };
  }
  await hold(person, address, fields);
  await drop(person, address, fields);
  return { saved: { notice: line.dataset.held, warnings: [], isHeld: true } };
}

// Null where the item has to wait.
async function reach(address, fields) {
  if (!navigator.onLine) return null;
  try {
    const answer = await post(address, fields, fields.get("csrf_token"), PATIENCE);
    return isSignedOut(answer) || answer.status === 400 ? null : answer;
  } catch {
    return null;
  }
}
