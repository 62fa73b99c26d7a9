// Pictures that are dropped into the text: what is refused says so, and what was taken asks for its
// description.
import { showMessage } from "./messages.js";

const PLACEHOLDER = "Describe this image";

// After a refused picture the editor would type "Invalid response" into the text: what stood there before
// comes back.
for (const name of ["markdownx.fileUploadError", "fileUploadError"]) {
  document.addEventListener(
    name,
    (event) => {
      const editor = event.target.querySelector(".markdownx-editor");
      const typed = editor.value;
      setTimeout(() => {
        editor.value = typed;
      });
      showMessage(
        event.target,
        "picture",
        event.detail[0].error || "The picture did not reach us. Try again.",
      );
    },
    true,
  );
}

// The editor gives up on an answer that is not JSON, such as a proxy's "too large", and leaves the text
// dimmed.
window.addEventListener("error", (event) => {
  if (!/JSON/.test(event.message)) return;
  for (const widget of document.querySelectorAll(".markdownx")) {
    const editor = widget.querySelector(".markdownx-editor");
    if (!editor.style.opacity || editor.style.opacity === "1") continue;
    editor.style.opacity = "1";
    const words = "The picture could not be taken. It may be too large, or your session has ended.";
    showMessage(widget, "picture", words);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches(".markdownx-editor"))
    showMessage(event.target.closest(".markdownx"), "picture", "");
});

document.addEventListener(
  "markdownx.fileUploadEnd",
  (event) => {
    const editor = event.target.querySelector(".markdownx-editor");
    setTimeout(() => {
      const place = editor.value.lastIndexOf(`![${PLACEHOLDER}]`);
      if (place < 0) return;
      const told = window.prompt("Describe the picture for people who cannot see it:");
      if (told) {
        const start = place + "![".length;
        editor.setRangeText(told.replace(/[[\]]/g, ""), start, start + PLACEHOLDER.length, "end");
      }
      editor.dispatchEvent(new Event("input", { bubbles: true }));
    });
  },
  true,
);
