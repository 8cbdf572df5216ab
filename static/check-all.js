// A button that ticks every box of its group; without scripts it stays hidden.
for (const button of document.querySelectorAll("[data-check-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const name = button.dataset.checkAll;
    for (const box of button.form.querySelectorAll(`input[type=checkbox][name="${name}"]`)) {
      box.checked = true;
    }
  });
}
