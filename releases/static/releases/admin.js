// The editor would keep Tab for itself; a keyboard must be able to leave it (WCAG 2.1.2).
window.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && event.target.matches(".markdownx-editor")) event.stopPropagation();
}, true);

// The editor would type an error's words into the text; show them beside it.
document.addEventListener("markdownx.fileUploadError", (event) => {
  const editor = event.target.closest(".markdownx")?.querySelector(".markdownx-editor");
  if (!editor) return;
  editor.value = editor.value.replace(/!?\[?Invalid response\]?/g, "");
  let message = editor.parentNode.querySelector(".markdownx-message");
  if (!message) {
    message = document.createElement("p");
    message.className = "markdownx-message";
    message.setAttribute("role", "alert");
    editor.after(message);
  }
  message.textContent = "The picture could not be taken. PNG, JPEG, GIF and WebP up to 40 megapixels can.";
}, true);
