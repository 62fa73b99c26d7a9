// Where two people changed one thing, theirs can be taken with one click.
import { makeButton } from "./button.js";

const FIELD = "textarea, input:not([type=hidden]), select";

for (const theirs of document.querySelectorAll("q.theirs")) {
  const field = theirs.closest(".form-row, fieldset, .fieldBox")?.querySelector(FIELD);
  if (!field) continue;
  const take = () => {
    field.value = theirs.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  theirs.after(makeButton("Take theirs", take));
}
