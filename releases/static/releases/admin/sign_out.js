// Who signs out chooses whether what they typed and did not save stays in this browser.
import { makeButton } from "./button.js";
import { forget, ownKeys } from "./recovery_store.js";

const form = document.querySelector("#logout-form");

function ask() {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-labelledby", "sign-out-question");
  const words = document.createElement("p");
  words.id = "sign-out-question";
  words.textContent = [
    "You have unsaved changes. What you typed in a release is kept with your account, without its files.",
    "They can also stay in this browser for a week. Do not keep them on a shared computer.",
  ].join(" ");
  const leave = () => {
    for (const other of document.forms) other.dataset.sent = "yes"; // nothing is asked twice
    form.submit();
  };
  const remove = () => Promise.all(ownKeys().map(forget)).then(leave);
  const close = () => dialog.remove();
  dialog.append(
    words,
    makeButton("Keep them and log out", leave),
    " ",
    makeButton("Remove them and log out", remove),
    " ",
    makeButton("Stay", close),
  );
  document.body.append(dialog);
  dialog.addEventListener("close", close);
  dialog.showModal();
}

form?.addEventListener("submit", (event) => {
  if (!ownKeys().length) return;
  event.preventDefault();
  ask();
});
