// What was typed and chosen outlives a closed tab, an ended session and a lost connection: it stays in this
// browser until it is saved, for a week at most. With it stays what the form held when it was opened, so that
// a form that is restored days later is merged with what others saved meanwhile, as if its tab had been open
// all the time.
import { makeButton } from "./button.js";
import { keepComment } from "./comment_recovery.js";
import { addRows, choose, chosenIn, fill, typedIn } from "./form_values.js";
import { forget, forgetSaved, ownPrefix, store, stored, storedFiles, storeFiles } from "./recovery_store.js";

// What this tab sent last: a message that all is saved is an answer to that, not to what another tab still
// holds.
const SENT = "pressroom-sent";
const MADE_WITH_THE_FORM = /(^|-)(base|kept|opened)/;

const asTyped = (values) => JSON.stringify(values.filter(([name]) => !MADE_WITH_THE_FORM.test(name)));

function offer(form, held, chosen, key) {
  const note = document.createElement("div");
  note.className = "findings";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  const names = (chosen || []).flatMap(([, list]) => list.map((file) => file.name));
  const when = new Date(held.at).toLocaleString("en-GB");
  words.textContent = `You have unsaved changes from ${when}.`;
  if (names.length) words.textContent += ` Chosen files: ${names.join(", ")}.`;
  const restore = () => {
    addRows(form, held.values);
    fill(form, held.values);
    choose(form, chosen);
    note.remove();
  };
  const drop = () => {
    forget(key);
    note.remove();
  };
  note.append(words, makeButton("Restore what I typed", restore), " ", makeButton("Discard", drop));
  form.before(note);
}

async function offerStored(form, key, first) {
  const held = stored(key);
  if (!held) return;
  const chosen = await storedFiles(key);
  if (asTyped(held.values) !== first || chosen?.length) offer(form, held, chosen, key);
}

function keepTyped(form, key) {
  const keep = () => store(key, typedIn(form));
  form.addEventListener("input", (event) => {
    if (event.isTrusted || !event.target.matches("[type=file]")) keep();
  });
  form.addEventListener("change", (event) => {
    keep();
    if (event.target.type === "file") storeFiles(key, chosenIn(form));
  });
  form.addEventListener("submit", (event) => {
    keep();
    if (!event.defaultPrevented) sessionStorage.setItem(SENT, key);
  });
}

document.addEventListener("DOMContentLoaded", async () => {
  const form = document.querySelector("#content-main form[id$=_form]");
  const key = ownPrefix() + location.pathname;
  const refused = document.querySelector(".errornote, .error-summary");
  const saved = document.querySelector(".messagelist .success, .messagelist .info") && !refused;
  keepComment(`${key}#comment`);
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  await forgetSaved(saved ? sent : "");
  if (!form) return;
  const first = asTyped(typedIn(form));
  if (refused) store(key, typedIn(form));
  else await offerStored(form, key, first);
  keepTyped(form, key);
});
