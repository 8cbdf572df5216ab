// Keys that go from one slide to the next: they click the links that each slide has.

const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", " "]);
const PREVIOUS = new Set(["ArrowLeft", "ArrowUp", "PageUp"]);
const slides = [...document.querySelectorAll("section.slide")];

function shown() {
  const middle = window.innerHeight / 2;
  return slides.find((slide) => slide.getBoundingClientRect().bottom > middle) ?? slides[0];
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const rel = NEXT.has(event.key) ? "next" : PREVIOUS.has(event.key) ? "prev" : "";
  if (!rel) return;
  event.preventDefault();
  shown().querySelector(`nav a[rel=${rel}]`)?.click();
});
