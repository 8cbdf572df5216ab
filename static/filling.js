// Puts what was kept of a form back into its fields.

function choose(field, values) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field.type === "file") field.files = together(values);
  else if (field.options) for (const option of field.options) option.selected = values.includes(option.value);
  else field.value = values[0] ?? "";
}

function together(files) {
  const transfer = new DataTransfer();
  for (const file of files) if (file.size) transfer.items.add(file);
  return transfer.files;
}

export function fill(form, kept, isWanted) {
  // Live: a field that another one brings with it is filled as well.
  for (const field of form.elements) {
    if (!field.name || !isWanted(field)) continue;
    choose(field, kept.getAll(field.name));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
