// The editor would keep Tab for itself; a keyboard must be able to leave it (WCAG 2.1.2).
window.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && event.target.matches(".markdownx-editor")) event.stopPropagation();
}, true);

// The preview is the page's own text in the page's own styles, which a shadow root keeps apart from the desk's.
document.addEventListener("markdownx.update", (event) => {
  const preview = event.target.querySelector(".markdownx-preview");
  if (!preview.shadowRoot) {
    const styles = document.getElementById("page-styles").content.cloneNode(true);
    preview.attachShadow({ mode: "open" }).append(styles, document.createElement("div"));
    preview.shadowRoot.lastChild.className = "release-body";
  }
  const refused = preview.querySelector(".markdownx-refused")?.textContent;
  const strange = /^\s*<(!doctype|html)/i.test(event.detail[0]) ? "The preview could not be made." : "";
  if (!refused && !strange) show(preview.shadowRoot.lastChild, preview);
  tell(event.target, "preview", refused || strange);
}, true);

// A picture that is not public yet comes from the desk.
function show(place, preview) {
  place.innerHTML = preview.innerHTML;
  for (const image of place.querySelectorAll("img")) {
    const { origin, pathname } = new URL(image.src, location);
    if (origin === location.origin) image.addEventListener("error", () => {
      image.src = `/admin/releases/edition/picture/?path=${encodeURIComponent(decodeURI(pathname))}`;
    }, { once: true });
  }
}

document.addEventListener("markdownx.updateError", (event) => {
  tell(event.target, "preview", "The preview could not be made. What you typed is still here.");
}, true);

// After a refused picture the editor would type "Invalid response" into the text: what stood there before comes back.
for (const name of ["markdownx.fileUploadError", "fileUploadError"]) {
  document.addEventListener(name, (event) => {
    const editor = event.target.querySelector(".markdownx-editor");
    const typed = editor.value;
    setTimeout(() => { editor.value = typed; });
    tell(event.target, "picture", event.detail[0].error || "The picture did not reach us. Try again.");
  }, true);
}

// The editor gives up on an answer that is not JSON, such as a proxy's "too large", and leaves the text dimmed.
window.addEventListener("error", (event) => {
  if (!/JSON/.test(event.message)) return;
  for (const widget of document.querySelectorAll(".markdownx")) {
    const editor = widget.querySelector(".markdownx-editor");
    if (editor.style.opacity && editor.style.opacity !== "1") {
      editor.style.opacity = "1";
      tell(widget, "picture", "The picture could not be taken. It may be too large, or your session has ended.");
    }
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches(".markdownx-editor")) tell(event.target.closest(".markdownx"), "picture", "");
});

function tell(widget, about, words) {
  let message = widget.querySelector(`.markdownx-message[data-about=${about}]`);
  if (!message) {
    message = document.createElement("p");
    message.className = "markdownx-message";
    message.dataset.about = about;
    message.setAttribute("role", "alert");
    widget.append(message);
  }
  message.textContent = words;
}

// A picture that was put into the text asks for its description at once.
document.addEventListener("markdownx.fileUploadEnd", (event) => {
  const editor = event.target.querySelector(".markdownx-editor");
  setTimeout(() => {
    const place = editor.value.lastIndexOf("![Describe this image]");
    if (place < 0) return;
    const told = window.prompt("Describe the picture for people who cannot see it:");
    if (told) editor.setRangeText(told.replace(/[[\]]/g, ""), place + 2, place + 2 + "Describe this image".length, "end");
    editor.dispatchEvent(new Event("input", { bubbles: true }));
  });
}, true);

document.addEventListener("DOMContentLoaded", () => {
  // A time is also told as a sentence, and the usual ones are one click away.
  for (const input of document.querySelectorAll("input[data-sentence]")) {
    const words = document.createElement("p");
    words.className = "time-sentence";
    words.setAttribute("role", "status");
    const say = () => {
      const [day, clock] = input.value.split("T");
      if (!clock) { words.textContent = ""; return; }
      const [year, month, date] = day.split("-").map(Number);
      const named = new Date(Date.UTC(year, month - 1, date)).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).replace(",", "");
      words.textContent = `${named}, ${clock} (${input.dataset.sentence})`;
    };
    input.addEventListener("input", say);
    const quick = document.createElement("p");
    for (const clock of ["09:00", "13:00", "17:00"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "decide";
      button.textContent = clock;
      button.addEventListener("click", () => {
        const today = new Date().toLocaleDateString("sv-SE", { timeZone: input.dataset.sentence });  // there, not where this browser is
        input.value = `${input.value.split("T")[0] || today}T${clock}`;
        say();
      });
      quick.append(button, " ");
    }
    input.after(quick, words);
    say();
  }

  // Where two people changed one thing, theirs can be taken with one click.
  for (const theirs of document.querySelectorAll("q.theirs")) {
    const field = theirs.closest(".form-row, fieldset, .fieldBox")?.querySelector("textarea, input:not([type=hidden]), select");
    if (!field) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "decide";
    button.textContent = "Take theirs";
    button.addEventListener("click", () => {
      field.value = theirs.dataset.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    theirs.after(button);
  }
});

// One click, one save: what is sent already is not sent again, until the page is shown again (by Back, or after an error).
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "yes";
  setTimeout(() => { delete event.target.dataset.sent; }, 5000);  // an answer may be a file, which leaves the page as it is
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Too large is told before a long upload, and before a text is sent that no server would take.
const LARGEST_TEXT = 300_000;

function refuse(field, words) {
  let note = field.parentElement.querySelector(":scope > .too-large");
  if (!note) {
    note = document.createElement("p");
    note.className = "too-large";
    note.setAttribute("role", "alert");
    field.after(note);
  }
  note.textContent = words;
  field.setCustomValidity?.(words);
}

document.addEventListener("change", (event) => {
  if (event.target.type !== "file") return;
  const largest = Number(event.target.dataset.largest || Infinity);
  const large = [...event.target.files].filter((file) => file.size > largest);
  const together = Number(event.target.dataset.together || Infinity);
  const all = [...event.target.form.elements].flatMap((field) => [...(field.files || [])]).reduce((total, file) => total + file.size, 0);
  const words = large.map((file) => `${file.name} has ${file.size.toLocaleString("en")} bytes; ${largest.toLocaleString("en")} are allowed. Choose again without it.`);
  if (!words.length && all > together) words.push(`The files of this form have ${all.toLocaleString("en")} bytes together; ${together.toLocaleString("en")} are sent at once. Choose some of them, save, then add the others.`);
  refuse(event.target, words.join(" "));
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea")) return;
  const size = new Blob([event.target.value]).size;
  const words = size > LARGEST_TEXT ? `The text has ${size.toLocaleString("en")} bytes; ${LARGEST_TEXT.toLocaleString("en")} are allowed.` : "";
  if (words || event.target.validity.customError) refuse(event.target, words);
});

document.addEventListener("submit", (event) => {
  const bad = [...event.target.elements].find((field) => field.validity?.customError);
  if (!bad) return;
  event.preventDefault();
  bad.focus();
}, true);

// Issuers and annexes are put in order by arrows too. Django counts rows by their place, so they go back before it takes one out.
const rowsOf = (group) => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
const placeOf = (row) => row.querySelector("input[name$=-position]");
const isFilled = (row) => row.matches(".has_original") || [...row.querySelectorAll("select, input[type=file], input[name$=-title]")].some((field) => field.value);

function arrange(group, key) {
  const rows = rowsOf(group);
  const template = group.querySelector(".empty-form");
  for (const row of rows.map((row, at) => [key(row, at), row]).sort(([a], [b]) => a - b).map(([, row]) => row)) template.before(row);
}

function move(row, step) {
  const group = row.closest(".inline-group");
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other?.matches(".inline-related:not(.empty-form)")) return;
  if (step < 0) other.before(row); else other.after(row);
  rowsOf(group).filter(isFilled).forEach((each, at) => { placeOf(each).value = at + 1; });
  row.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

function addArrows(row) {
  if (!placeOf(row) || row.querySelector(".move")) return;
  const place = document.createElement("span");
  place.className = "move";
  for (const [sign, words, step] of [["↑", "Move up", -1], ["↓", "Move down", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "decide";
    button.textContent = sign;
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => { move(row, step); button.focus(); });
    place.append(button);
  }
  row.querySelector("h3").append(place);
}

window.addEventListener("load", () => {
  for (const row of document.querySelectorAll(".inline-related:not(.empty-form)")) addArrows(row);
});
document.addEventListener("formset:added", (event) => addArrows(event.target));
document.addEventListener("click", (event) => {
  const group = event.target.closest(".inline-deletelink")?.closest(".inline-group");
  if (!group) return;
  arrange(group, (row) => Number(row.id.split("-").pop()));
  setTimeout(() => arrange(group, (row, at) => Number(placeOf(row)?.value) || 1000 + at));
}, true);

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".error-summary")?.focus();

  // Where a release leads is asked of a release that only leads on.
  const kind = document.querySelector("#id_kind"), row = document.querySelector(".form-row.field-link_url");
  if (!kind || !row) return;
  row.classList.add("link-only");
  const show = () => { row.hidden = kind.value !== "link" && !document.querySelector("#id_link_url").value; };
  kind.addEventListener("change", show);
  show();
});

// The address of an empty form names it, so that Back leads to the same form and what it made is known.
document.addEventListener("DOMContentLoaded", () => {
  const opened = document.querySelector("#id_opened")?.value;
  if (opened && !location.search.includes("opened=")) {
    history.replaceState(null, "", `${location.pathname}${location.search ? `${location.search}&` : "?"}opened=${opened}`);
  }
});
