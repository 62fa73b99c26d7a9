// A small button beside a field.
export function makeButton(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "decide";
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}
