// The bar tells what is not saved, leaving with it asks, and a step to another page saves it first.
import { typedIn } from "./form_values.js";

const words = document.querySelector("[data-unsaved]");
const form = words?.closest("form");
let opened = "";
let isKept = false;

const now = () => JSON.stringify(typedIn(form));
const hasFiles = () => [...form.querySelectorAll("[type=file]")].some((field) => field.files.length);
const isUnsaved = () => now() !== opened || hasFiles();

function tell() {
  const where = isKept ? ", kept for you" : "";
  const told = isUnsaved() ? `Unsaved changes${where}` : "";
  if (words.textContent !== told) words.textContent = told;
}

function saveFirst(event) {
  const step = event.target.closest("[data-step]");
  if (!step || !isUnsaved()) return;
  event.preventDefault();
  const then = document.createElement("input");
  then.type = "hidden";
  then.name = "_then";
  then.value = step.dataset.step;
  form.append(then);
  form.requestSubmit(form.elements._continue);
  then.remove();
}

function watch() {
  // What came back with an error was never saved.
  opened = document.querySelector(".error-summary") ? "" : now();
  tell();
  form.addEventListener("input", tell);
  form.addEventListener("change", tell);
  form.addEventListener("kept", () => {
    isKept = true;
    tell();
  });
  form.addEventListener("click", () => setTimeout(tell));
  document.addEventListener("click", saveFirst);
  window.addEventListener("beforeunload", (event) => {
    if (!form.dataset.sent && isUnsaved()) event.preventDefault();
  });
}

if (words && form.elements._continue) window.addEventListener("load", watch);

// After a save that led to nothing else, the reader stands at what is in its way.
const problem = location.hash.startsWith("#id_") && document.getElementById(location.hash.slice(1));
if (problem) problem.focus();
