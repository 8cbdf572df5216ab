// Tells the others on a case that somebody writes: from the first input on, each minute until it is sent.

const EVERY = 60_000;
const line = document.querySelector("#writing");
let timer = null;

async function tell(token) {
  if (document.hidden) return;
  try {
    const answer = await fetch(line.dataset.address, { method: "POST", body: new URLSearchParams({ csrf_token: token }) });
    if (answer.ok && !answer.redirected) line.innerHTML = await answer.text();
  } catch {
    // Without a connection nobody is told: what is typed stays, and sending it says what is wrong.
  }
}

document.querySelector("#main").addEventListener("input", (event) => {
  const token = event.target.form?.elements.csrf_token?.value;
  if (timer || !token || event.target.form.method !== "post") return;
  tell(token);
  timer = setInterval(tell, EVERY, token);
});

document.querySelector("#main").addEventListener("submit", () => {
  clearInterval(timer);
});
