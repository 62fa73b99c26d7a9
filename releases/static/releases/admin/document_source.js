// A document may be dropped anywhere on its page, and what is pasted from an office keeps its formatting.
import { showMessage } from "./messages.js";

const form = document.querySelector("form[data-drop]");

function countParts(html) {
  const found = new DOMParser().parseFromString(html, "text/html");
  const count = (what, one, many) => {
    const number = found.querySelectorAll(what).length;
    return number ? [`${number} ${number === 1 ? one : many}`] : [];
  };
  return [
    ...count("h1, h2, h3, h4, h5, h6", "heading", "headings"),
    ...count("a[href^=http]", "link", "links"),
    ...count("table", "table", "tables"),
  ];
}

function keepFormatting(text, formatted) {
  text.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    if (!html || text.value) return;
    formatted.value = html;
    const parts = countParts(html);
    const words = parts.length ? `The formatting is kept: ${parts.join(", ")}.` : "The formatting is kept.";
    // after the event of the pasted words themselves
    setTimeout(() =>
      showMessage(text.parentElement, "formatting", `${words} Change the text on the next page.`),
    );
  });
  text.addEventListener("input", (event) => {
    if (event.inputType === "insertFromPaste" || !formatted.value) return;
    formatted.value = "";
    showMessage(text.parentElement, "formatting", "You changed the text, so it is read as plain words.");
  });
}

function takeDrops(field) {
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    form.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    form.classList.remove("dropping");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (!form.reportValidity()) return;
    form.querySelector(".dropped").textContent =
      `Reading ${[...field.files].map((file) => file.name).join(", ")} …`;
    form.requestSubmit();
  });
}

if (form) {
  const text = form.querySelector("[data-formatted]");
  keepFormatting(text, document.getElementById(text.dataset.formatted));
  takeDrops(document.getElementById(form.dataset.drop));
}
