// A small dialog with fields of its own, which gives back what was typed, or null. What `follow` makes stands below
// its field.
export function askFor(title, fields, action) {
  const dialog = document.createElement("dialog");
  dialog.className = "writing-dialog";
  dialog.setAttribute("aria-label", title);
  const form = document.createElement("form");
  form.method = "dialog";
  const heading = document.createElement("h2");
  heading.textContent = title;
  form.append(heading);
  for (const { name, label, value, help, follow, ...attributes } of fields) {
    const line = document.createElement("p");
    const words = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, attributes, { name, id: `writing-${name}`, autocomplete: "off" });
    if (value) input.value = value;
    words.htmlFor = input.id;
    words.textContent = label;
    line.append(words, input);
    if (help) {
      const note = document.createElement("span");
      note.className = "help";
      note.textContent = help;
      line.append(note);
    }
    form.append(line);
    if (follow) form.append(follow(form));
  }
  const buttons = document.createElement("p");
  const done = document.createElement("button");
  Object.assign(done, { textContent: action, value: "done", className: "button default" });
  const leave = document.createElement("button");
  Object.assign(leave, { textContent: "Cancel", value: "", formNoValidate: true, className: "button quiet" });
  buttons.append(done, " ", leave);
  form.append(buttons);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((settle) => {
    dialog.addEventListener("close", () => {
      settle(dialog.returnValue === "done" ? Object.fromEntries(new FormData(form)) : null);
      dialog.remove();
    });
  });
}
