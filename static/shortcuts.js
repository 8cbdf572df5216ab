// Keys that click or focus what the page already has.

const search = document.querySelector("#search");
const help = document.querySelector("#keys");
const helpButton = document.querySelector("#show-keys");

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

function submitFormOf(element) {
  const form = element.closest("form");
  form?.requestSubmit(form.querySelector("[type=submit].btn-primary"));
}

function showHelp() {
  if (!help.open) help.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    submitFormOf(event.target);
  } else if (event.ctrlKey || isTyping(event.target)) {
    return;
  } else if (event.key === "/" && search) {
    event.preventDefault();
    search.select();
    search.focus();
  } else if (event.key === "?") {
    showHelp();
  }
});

if (helpButton) {
  helpButton.hidden = false;
  helpButton.addEventListener("click", showHelp);
}
