// What a form holds, and how it is put back.
export function typedIn(form) {
  return [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !name.startsWith("csrf"),
  );
}

export function chosenIn(form) {
  const fields = [...form.querySelectorAll("input[type=file]")].filter((field) => field.files.length);
  return fields.map((field) => [field.name, [...field.files]]);
}

// Rows that were added stand again before they are filled.
export function addRows(form, values) {
  for (const [name, value] of values) {
    const prefix = name.match(/^(.+)-TOTAL_FORMS$/)?.[1];
    const add = prefix && document.querySelector(`#${prefix}-group .add-row a`);
    while (add && Number(form.elements[name].value) < Number(value)) {
      const before = form.elements[name].value;
      add.click();
      if (form.elements[name].value === before) break;
    }
  }
}

export function fill(form, values) {
  const held = new Map();
  for (const [name, value] of values) held.set(name, [...(held.get(name) || []), value]);
  for (const field of form.elements) {
    if (!isFilled(field)) continue;
    setValue(field, held.get(field.name) || []);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function isFilled(field) {
  if (!field.name || field.type === "file" || field.name.startsWith("csrf")) return false;
  return !field.matches("button, [type=submit]");
}

function setValue(field, values) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field.multiple)
    for (const option of field.options) option.selected = values.includes(option.value);
  else if (values.length) field.value = values[0];
}

export function choose(form, chosen) {
  for (const [name, list] of chosen || []) {
    const field = form.elements[name];
    if (!field) continue;
    const transfer = new DataTransfer();
    for (const file of list) transfer.items.add(file);
    field.files = transfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
