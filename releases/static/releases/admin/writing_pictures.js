// A picture by a button: its description, caption and credit are fields; those of a picture at the cursor can be
// changed.
import { showMessage } from "./messages.js";
import { insertBlock, insertText } from "./text_insertion.js";
import { askFor } from "./writing_dialog.js";

const PICTURE = /!\[((?:\\.|[^\]\\])*)\]\(([^()\s]+)\)(?:\n\*((?:\\.|[^*\\])*)\*)?/g;
const CREDIT = " Photo: ";

const escapeWords = (words) => words.trim().replace(/[\\[\]*_`<]/g, "\\$&");
const plain = (words) => (words || "").replace(/\\(.)/g, "$1");

function writePicture({ description, caption, credit }, path) {
  const credited = credit.trim() ? `${CREDIT}${escapeWords(credit)}` : "";
  const below = `${escapeWords(caption)}${credited}`.trim();
  return `![${escapeWords(description)}](${path})${below ? `\n*${below}*` : ""}`;
}

function pictureAt(editor) {
  return [...editor.value.matchAll(PICTURE)].find(
    (found) => found.index <= editor.selectionStart && editor.selectionStart <= found.index + found[0].length,
  );
}

function fieldsOf(found) {
  const below = plain(found?.[3]);
  const at = ` ${below}`.lastIndexOf(CREDIT);
  const [caption, credit] =
    at < 0 ? [below, ""] : [below.slice(0, Math.max(at - 1, 0)), ` ${below}`.slice(at + CREDIT.length)];
  return [
    {
      name: "description",
      label: "What the picture shows",
      value: plain(found?.[1]),
      required: true,
      help: "For people who cannot see it.",
    },
    {
      name: "caption",
      label: "Caption",
      value: caption,
      help: "Stands below the picture. May be left empty.",
    },
    { name: "credit", label: "Credit", value: credit, help: "Who took or made it. May be left empty." },
  ];
}

async function upload(editor, file) {
  const body = new FormData();
  body.append("image", file);
  const headers = { "X-CSRFToken": editor.form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(editor.dataset.markdownxUploadUrlsPath, { method: "POST", body, headers }).catch(
    () => null,
  );
  const told = await answer?.json().catch(() => null);
  return told?.image_path ? told : { error: told?.error || "The picture did not reach us. Try again." };
}

export async function changeOrInsertPicture(editor) {
  const found = pictureAt(editor);
  const file = {
    name: "file",
    label: "Picture",
    type: "file",
    accept: "image/png,image/jpeg,image/gif,image/webp",
  };
  const fields = found ? fieldsOf(found) : [{ ...file, required: true }, ...fieldsOf(null)];
  const title = found ? "Change the picture's words" : "Picture";
  const typed = await askFor(title, fields, found ? "Change" : "Put in");
  editor.focus();
  if (!typed) return;
  const widget = editor.closest(".markdownx");
  if (found) {
    editor.setSelectionRange(found.index, found.index + found[0].length);
    insertText(editor, writePicture(typed, found[2]));
    return;
  }
  showMessage(widget, "picture", "The picture is being checked …");
  const told = await upload(editor, typed.file);
  showMessage(widget, "picture", told.error || "");
  if (!told.error) insertBlock(editor, writePicture(typed, told.image_path));
}
