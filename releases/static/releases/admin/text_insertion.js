// Words that a button puts into a text, such that the browser's own Undo takes them back.
export function insertText(editor, words) {
  editor.focus();
  if (document.execCommand("insertText", false, words)) return;
  editor.setRangeText(words, editor.selectionStart, editor.selectionEnd, "end");
  editor.dispatchEvent(new Event("input", { bubbles: true }));
}

// A block of its own at the cursor, with empty lines around it.
export function insertBlock(editor, block) {
  const before = editor.value.slice(0, editor.selectionStart);
  const after = editor.value.slice(editor.selectionEnd);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  insertText(editor, `${lead}${block}${tail}`);
}

export const selectedIn = (editor) => editor.value.slice(editor.selectionStart, editor.selectionEnd);
