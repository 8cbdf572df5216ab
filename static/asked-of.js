// A box for each supporting unit that is chosen; what was typed stays with its unit.

for (const boxes of document.querySelectorAll("[data-each]")) {
  const form = boxes.closest("form");
  const choice = form.elements.supporting_ids;
  const typed = new Map();

  function box({ value, text }) {
    const label = document.createElement("label");
    const area = document.createElement("textarea");
    label.className = "form-label d-block";
    label.textContent = `${boxes.dataset.label}: ${text}`;
    area.className = "form-control";
    area.rows = 2;
    area.name = `${boxes.dataset.each}-${value}`;
    area.value = typed.get(area.name) ?? "";
    label.append(area);
    return label;
  }

  function show() {
    for (const area of boxes.querySelectorAll("textarea")) typed.set(area.name, area.value);
    boxes.replaceChildren(...[...choice.selectedOptions].map(box));
  }

  choice.addEventListener("change", show);
  show();
}
