// The editor would keep Tab for itself; a keyboard must be able to leave it (WCAG 2.1.2).
window.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Tab" && event.target.matches(".markdownx-editor")) event.stopPropagation();
  },
  true,
);
