// The toolbar of a text, its shortcuts, its count of words, and help one key away. The buttons' signs are put in by
// @github/markdown-toolbar-element; the toolbar is one Tab stop, arrow keys go through it.
import { insertBlock, insertText } from "./text_insertion.js";
import { insertLink } from "./writing_links.js";
import { changeOrInsertPicture } from "./writing_pictures.js";

const HELP = [
  ["## Heading", "a heading; ### a smaller one"],
  ["1. Text", "a numbered paragraph; readers see the number that you type"],
  ["- Text", "a point of a list; two spaces more before it: a point inside a point"],
  ["**bold**  _italic_", "bold, italic"],
  ["[words](https://…)", "a link"],
  ["![what it shows](/images/…)", "a picture"],
  ["> Text", "a quotation"],
  ["Text[^1]  and below  [^1]: Note", "a footnote"],
  ["| A | B |", "a row of a table; below the first one | --- | --- |"],
  ["\\*", "a sign that shall stay as it is"],
];
const TABLE = "| Heading | Heading |\n| --- | --- |\n| Text | Text |\n| Text | Text |";
const SHORTCUTS = { b: "bold", i: "italic", k: "Link", "/": "Help" };

function insertFootnote(editor) {
  const used = [...editor.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
  const number = Math.max(0, ...used) + 1;
  insertText(editor, `[^${number}]`);
  editor.setSelectionRange(editor.value.length, editor.value.length);
  insertText(editor, `${editor.value.endsWith("\n") ? "" : "\n"}\n[^${number}]: `);
}

function showHelp(editor) {
  const dialog = document.createElement("dialog");
  dialog.className = "writing-dialog";
  dialog.setAttribute("aria-label", "How to write");
  const list = document.createElement("dl");
  for (const [typed, meaning] of HELP) {
    const term = document.createElement("dt");
    const code = document.createElement("code");
    code.textContent = typed;
    term.append(code);
    const told = document.createElement("dd");
    told.textContent = meaning;
    list.append(term, told);
  }
  const form = document.createElement("form");
  form.method = "dialog";
  const heading = document.createElement("h2");
  heading.textContent = "How to write";
  const close = document.createElement("button");
  close.className = "button default";
  close.textContent = "Back to the text";
  form.append(heading, list, close);
  dialog.append(form);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    editor.focus();
  });
  dialog.showModal();
}

const OWN = {
  Link: insertLink,
  Picture: changeOrInsertPicture,
  Table: (editor) => insertBlock(editor, TABLE),
  Footnote: insertFootnote,
  Help: showHelp,
};
const BUTTONS = [
  ["Bold", "bold", "Ctrl+B"],
  ["Italic", "italic", "Ctrl+I"],
  ["Heading", "header-2"],
  ["Numbers", "ordered-list"],
  ["Points", "unordered-list"],
  ["Quotation", "quote"],
  ["Link", "", "Ctrl+K"],
  ["Picture", ""],
  ["Table", ""],
  ["Footnote", ""],
  ["Help", "", "Ctrl+/"],
];

function makeToolbar(editor) {
  const toolbar = document.createElement("markdown-toolbar");
  toolbar.setAttribute("for", editor.id);
  toolbar.setAttribute("aria-label", "Format the text");
  toolbar.setAttribute("aria-controls", editor.id);
  for (const [words, style, keys] of BUTTONS) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.textContent = words;
    button.dataset.mdButton = style;
    if (keys) {
      button.title = keys;
      button.setAttribute("aria-keyshortcuts", keys.replace("Ctrl", "Control"));
    }
    if (OWN[words]) button.addEventListener("click", () => OWN[words](editor));
    toolbar.append(button);
  }
  return toolbar;
}

function countWords(editor, place) {
  const words = editor.value.match(/[\p{L}\p{N}][\p{L}\p{N}'’.,-]*/gu) || [];
  place.textContent = `${words.length.toLocaleString("en")} word${words.length === 1 ? "" : "s"}`;
}

function equip(editor) {
  const widget = editor.closest(".markdownx");
  const toolbar = makeToolbar(editor);
  widget.before(toolbar);
  const count = document.createElement("p");
  count.className = "word-count";
  widget.after(count);
  countWords(editor, count);
  editor.addEventListener("input", () => countWords(editor, count));
  editor.addEventListener("keydown", (event) => {
    const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && SHORTCUTS[event.key.toLowerCase()];
    if (!wanted) return;
    event.preventDefault();
    if (OWN[wanted]) OWN[wanted](editor);
    else toolbar.querySelector(`[data-md-button=${wanted}]`).click();
  });
}

const editors = document.querySelectorAll("textarea.markdownx-editor");
if (editors.length) {
  await import("../vendor/markdown-toolbar-element-2.2.3/index.js");
  editors.forEach(equip);
}
