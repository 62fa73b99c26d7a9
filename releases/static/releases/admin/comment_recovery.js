// A comment that was typed and not added, because another form of the page was sent, stays until it stands
// among the comments.
import { forget, store, stored } from "./recovery_store.js";

export function keepComment(key) {
  const field = document.querySelector("#desk-comment-text");
  if (!field) return;
  const held = stored(key)?.values[0][1].trim() || "";
  const comments = [...document.querySelectorAll("#comments li p")];
  if (!held || comments.some((each) => each.innerText.trim() === held)) forget(key);
  else {
    field.value = stored(key).values[0][1];
    field.closest("details").open = true;
  }
  field.addEventListener("input", () => store(key, [["text", field.value]]));
}
