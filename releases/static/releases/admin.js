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
  if (!refused && !strange) preview.shadowRoot.lastChild.innerHTML = preview.innerHTML;
  tell(event.target, "preview", refused || strange);
}, true);

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
