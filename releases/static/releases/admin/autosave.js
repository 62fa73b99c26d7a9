// What is typed in the form of an edition is kept with its author's account too, so that it is found on another
// machine.
import { typedIn } from "./form_values.js";

const EVERY = 3000; // milliseconds from a change to its copy
const AGAIN = 30_000; // to another try, where the server did not take it
const LARGEST_LAST = 60_000; // characters; a browser sends little of a page that is being left

const form = document.querySelector("#edition_form");
const place = form?.querySelector("[data-autosave]");
let kept = "";
let waiting = 0;
let due = 0;

async function send(isLast) {
  clearTimeout(waiting);
  waiting = 0;
  const values = JSON.stringify(typedIn(form));
  if (values === kept || form.dataset.sent) return;
  const { autosave, edition } = place.dataset;
  const token = form.elements.opened.value;
  const body = `{"token": ${JSON.stringify(token)}, "edition": ${edition || null}, "values": ${values}}`;
  const keepalive = isLast && body.length < LARGEST_LAST;
  const headers = {
    "Content-Type": "application/json",
    "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
  };
  try {
    const answer = await fetch(autosave, { method: "POST", body, headers, keepalive, redirect: "manual" });
    if (answer.ok) {
      kept = values;
      form.dispatchEvent(new CustomEvent("kept", { detail: values }));
    }
    if (answer.status === 409) wait(AGAIN);
  } catch {
    wait(AGAIN); // the browser has it meanwhile
  }
}

function wait(milliseconds) {
  const then = Date.now() + milliseconds;
  if (waiting && due <= then) return;
  clearTimeout(waiting);
  due = then;
  waiting = setTimeout(send, milliseconds);
}

function waitForMore() {
  wait(EVERY);
}

function watch() {
  kept = JSON.stringify(typedIn(form));
  form.addEventListener("input", waitForMore);
  form.addEventListener("change", waitForMore);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && waiting) send(true);
  });
}

if (place) window.addEventListener("load", watch);
