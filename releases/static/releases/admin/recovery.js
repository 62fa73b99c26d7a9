// What was typed and chosen outlives a closed tab, an ended session and a lost connection: it stays in this
// browser until it is saved, for a week at most. With it stays what the form held when it was opened, so that
// a form that is restored days later is merged with what others saved meanwhile, as if its tab had been open
// all the time.
import { makeButton } from "./button.js";
import { keepComment } from "./comment_recovery.js";
import { addRows, choose, chosenIn, fill, typedIn } from "./form_values.js";
import { instantIn, nameInstant } from "./instants.js";
import { forget, forgetSaved, ownPrefix, store, stored, storedFiles, storeFiles } from "./recovery_store.js";

// What this tab sent last: a message that all is saved is an answer to that, not to what another tab still
// holds.
const SENT = "pressroom-sent";
const RESTORE = "Restore what I typed";
const ALIKE = 15_000; // milliseconds; a copy reaches the server some seconds after it was typed
const MADE_WITH_THE_FORM = /(^|-)(base|kept|opened)/;

const asTyped = (values) => JSON.stringify(values.filter(([name]) => !MADE_WITH_THE_FORM.test(name)));

function offer(form, held, chosen, key, twin) {
  const note = document.createElement("div");
  note.className = "findings";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  const names = (chosen || []).flatMap(([, list]) => list.map((file) => file.name));
  const { zone } = document.querySelector("meta[name=account]").dataset;
  const when = nameInstant(instantIn(zone, new Date(held.at)));
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
    twin?.querySelector("[formaction]").click();
  };
  note.append(words, makeButton(RESTORE, restore), " ", makeButton("Discard", drop));
  form.before(note);
}

// The copies that the server kept of forms. Of one form the later copy is offered; that of this browser where they
// are alike, since it has the files too.
const copies = [...document.querySelectorAll("[data-typed]")];
const tokenOf = (held) => held?.values.find(([name]) => name === "opened")?.[1];
const isLater = (copy, held) => Number(copy.dataset.at) * 1000 > held.at + ALIKE;

async function offerStored(form, key, first) {
  const held = stored(key);
  if (!held) return;
  const twin = copies.find((copy) => copy.dataset.typed === tokenOf(held));
  if (twin && isLater(twin, held)) return;
  if (twin) twin.hidden = true;
  const chosen = await storedFiles(key);
  if (asTyped(held.values) !== first || chosen?.length) offer(form, held, chosen, key, twin);
}

async function restoreCopy(form, copy) {
  const answer = await fetch(copy.dataset.values);
  if (!answer.ok) return;
  const { values } = await answer.json();
  addRows(form, values);
  fill(form, values);
  copy.remove();
}

function offerCopies(form, key) {
  const asked = new URLSearchParams(location.search).get("restore");
  for (const copy of copies.filter((each) => each.dataset.values && !each.hidden)) {
    const restore = () => restoreCopy(form, copy);
    const discard = copy.querySelector("[formaction]");
    discard.before(makeButton(RESTORE, restore), " ");
    discard.addEventListener("click", () => {
      if (tokenOf(stored(key)) === copy.dataset.typed) forget(key);
    });
    if (copy.dataset.typed === asked) restore();
  }
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
  // What the server has need not stay on a computer that others may use. Files are in this browser alone.
  form.addEventListener("kept", (event) => {
    if (event.detail === JSON.stringify(typedIn(form)) && !chosenIn(form).length) forget(key);
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
  offerCopies(form, key);
  keepTyped(form, key);
});
