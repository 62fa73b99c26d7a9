// What was typed and chosen outlives a closed tab, an ended session and a lost connection: it stays in this browser until it
// is saved, for a week at most. With it stays what the form held when it was opened, so that a form that is restored days
// later is merged with what others saved meanwhile, as if its tab had been open all the time.
// `SENT` is what this tab sent last: a message that all is saved is an answer to that, not to what another tab still holds.
const SAVED = "pressroom:", SENT = "pressroom-sent", WEEK = 7 * 24 * 3600 * 1000;

function files(mode, use) {
  return new Promise((resolve) => {
    const opening = indexedDB.open("pressroom", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const change = opening.result.transaction("files", mode);
      const asked = use(change.objectStore("files"));
      change.oncomplete = () => { opening.result.close(); resolve(asked.result); };
      change.onerror = change.onabort = () => { opening.result.close(); resolve(undefined); };
    };
  });
}

function forget(key) {
  localStorage.removeItem(key);
  return files("readwrite", (store) => store.delete(key));
}

function entries() {
  return Object.keys(localStorage).filter((key) => key.startsWith(SAVED)).map((key) => [key, JSON.parse(localStorage[key])]);
}

function store(key, values) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
  } catch { /* a full store keeps what it has */ }
}

// A comment that was typed and not added, because another form of the page was sent, stays until it stands among the comments.
function keepComment(key) {
  const field = document.querySelector("#desk-comment-text");
  if (!field) return;
  const [[, held]] = localStorage[key] ? JSON.parse(localStorage[key]).values : [["", ""]];
  const said = [...document.querySelectorAll("#comments li p")].some((each) => each.innerText.trim() === held.trim());
  if (said || !held.trim()) forget(key);
  else {
    field.value = held;
    field.closest("details").open = true;
  }
  field.addEventListener("input", () => store(key, [["text", field.value]]));
}

function typedIn(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("csrf"));
}

function chosenIn(form) {
  return [...form.querySelectorAll("input[type=file]")].filter((field) => field.files.length).map((field) => [field.name, [...field.files]]);
}

function addRows(form, values) {
  for (const [name, value] of values) {
    const prefix = name.match(/^(.+)-TOTAL_FORMS$/)?.[1];
    const add = prefix && document.querySelector(`#${prefix}-group .add-row a`);
    while (add && Number(form.elements[name].value) < Number(value)) {
      const before = form.elements[name].value;
      add.click();
      if (form.elements[name].value === before) break;
    }
  }
}

function fill(form, values) {
  const held = Map.groupBy ? Map.groupBy(values, ([name]) => name) : values.reduce((all, pair) => all.set(pair[0], [...(all.get(pair[0]) || []), pair]), new Map());
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.name.startsWith("csrf") || field.matches("button, [type=submit]")) continue;
    const told = (held.get(field.name) || []).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = told.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = told.includes(option.value);
    else if (told.length) field.value = told[0];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function choose(form, chosen) {
  for (const [name, list] of chosen || []) {
    const field = form.elements[name];
    if (!field) continue;
    const transfer = new DataTransfer();
    for (const file of list) transfer.items.add(file);
    field.files = transfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "decide";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function offer(form, stored, chosen, key) {
  const note = document.createElement("div");
  note.className = "findings";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  const names = (chosen || []).flatMap(([, list]) => list.map((file) => file.name));
  words.textContent = `There is text here that you typed on ${new Date(stored.at).toLocaleString("en-GB")} and did not save.`;
  if (names.length) words.textContent += ` Chosen files: ${names.join(", ")}.`;
  const restore = () => {
    addRows(form, stored.values);
    fill(form, stored.values);
    choose(form, chosen);
    note.remove();
  };
  note.append(words, button("Restore what I typed", restore), " ", button("Forget it", () => { forget(key); note.remove(); }));
  form.before(note);
}

document.addEventListener("DOMContentLoaded", async () => {
  const form = document.querySelector("#content-main form[id$=_form]");
  const person = document.querySelector("#user-tools strong")?.textContent.trim() || "";
  const key = `${SAVED}${person} ${location.pathname}`;
  const refused = document.querySelector(".errornote, .error-summary");
  const saved = document.querySelector(".messagelist .success, .messagelist .info") && !refused;
  keepComment(`${key}#comment`);
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  for (const [each, stored] of entries()) {
    if ((saved && each === sent) || Date.now() - stored.at > WEEK) await forget(each);
  }
  if (!form) return;
  const keep = () => store(key, typedIn(form));
  const first = JSON.stringify(typedIn(form).filter(([name]) => !/(^|-)(base|kept|opened)/.test(name)));
  const stored = localStorage[key] && JSON.parse(localStorage[key]);
  if (refused) keep();
  else if (stored) {
    const chosen = await files("readonly", (store) => store.get(key));
    const differs = JSON.stringify(stored.values.filter(([name]) => !/(^|-)(base|kept|opened)/.test(name))) !== first;
    if (differs || chosen?.length) offer(form, stored, chosen, key);
  }
  form.addEventListener("input", (event) => { if (event.isTrusted || !event.target.matches("[type=file]")) keep(); });
  form.addEventListener("change", (event) => {
    keep();
    if (event.target.type === "file") files("readwrite", (store) => store.put(chosenIn(form), key));
  });
  form.addEventListener("submit", (event) => {
    keep();
    if (!event.defaultPrevented) sessionStorage.setItem(SENT, key);
  });
});
