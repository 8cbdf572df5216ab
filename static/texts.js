// Puts a standard text into its field, after what is typed there already.

document.querySelector("#main").addEventListener("click", (event) => {
  const link = event.target.closest("[data-into]");
  const field = link && document.getElementById(link.dataset.into);
  if (!field || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const typed = field.value.trimEnd();
  field.value = typed ? `${typed}\n\n${link.dataset.text}` : link.dataset.text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
