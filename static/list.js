// Keys of a list: j and k go from case to case, Enter opens, the first where none is chosen; e opens
// at its next step, x ticks.

const table = document.querySelector("table.cases");
const links = [...(table?.querySelectorAll("tbody th a") ?? [])];
const pickAll = document.querySelector("#pick-all");

function isTyping(element) {
  return element.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]") !== null;
}

function go(step) {
  const row = document.activeElement.closest("tr");
  const here = links.findIndex((link) => row?.contains(link));
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next]?.focus();
}

function current() {
  return document.activeElement.closest("table.cases tbody tr");
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  e: () => {
    const link = current()?.querySelector("th a");
    if (link) location.assign(`${link.href}#next`);
  },
  x: () => current()?.querySelector("input[type=checkbox]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey || event.ctrlKey) return;
  if (event.key === "Enter" && document.activeElement === document.body) links[0]?.click();
  if (isTyping(event.target) || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

if (pickAll) {
  pickAll.hidden = false;
  pickAll.addEventListener("click", () => {
    const boxes = [...table.querySelectorAll("input[type=checkbox]")];
    const tick = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = tick;
  });
}
