// Whoever signs out leaves nothing in this browser.

import { forget, isAvailable } from './sealed_store.js';

const { person } = document.body.dataset;

async function leave(form) {
  try {
    await forget(person);
  } finally {
    form.submit();
  }
}

document.addEventListener("submit", (event) => {
  if (!person || !isAvailable || !event.target.matches("form[data-leaving]")) return;
  event.preventDefault();
  leave(event.target);
});
