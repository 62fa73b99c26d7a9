// What is pasted from an office or a web page into a text keeps its formatting, as Markdown.
import { showMessage } from "./messages.js";
import { insertText } from "./text_insertion.js";

const PLACE = "/admin/releases/edition/clipboard/";
const FORMATTED =
  "h1, h2, h3, h4, h5, h6, ul, ol, table, a[href], b, strong, i, em, p.MsoListParagraph, img, sup, sub";

const isFormatted = (html) => new DOMParser().parseFromString(html, "text/html").querySelector(FORMATTED);

async function readClipboard(editor, html) {
  const body = new FormData();
  body.append("html", html);
  const headers = { "X-CSRFToken": editor.form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(PLACE, { method: "POST", body, headers }).catch(() => null);
  return (await answer?.json().catch(() => null)) || { error: "" };
}

document.addEventListener("paste", async (event) => {
  const editor = event.target.closest?.(".markdownx-editor");
  const html = event.clipboardData?.getData("text/html");
  const words = event.clipboardData?.getData("text/plain");
  if (!editor || !html || event.clipboardData.files.length || !isFormatted(html)) return;
  event.preventDefault();
  const told = await readClipboard(editor, html);
  const isInside = !told.markdown?.trim().includes("\n");
  insertText(editor, told.markdown ? (isInside ? told.markdown.trim() : told.markdown) : words);
  const lost = told.left_out?.length ? `Left out: ${told.left_out.join("; ")}.` : "";
  const undo = "The formatting was kept as Markdown. Undo (Ctrl+Z) takes it back.";
  const plain = `The formatting could not be kept. ${told.error || ""}`.trim();
  showMessage(editor.closest(".markdownx"), "paste", told.markdown ? `${undo} ${lost}`.trim() : plain);
});
