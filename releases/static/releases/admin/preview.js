// The preview is the page's own text in the page's own styles, which a shadow root keeps apart from the
// desk's.
import { showMessage } from "./messages.js";

document.addEventListener(
  "markdownx.update",
  (event) => {
    const preview = event.target.querySelector(".markdownx-preview");
    if (!preview.shadowRoot) {
      const styles = document.getElementById("page-styles").content.cloneNode(true);
      preview.attachShadow({ mode: "open" }).append(styles, document.createElement("div"));
      preview.shadowRoot.lastChild.className = "release-body";
    }
    const refused = preview.querySelector(".markdownx-refused")?.textContent;
    const strange = /^\s*<(!doctype|html)/i.test(event.detail[0]) ? "The preview could not be made." : "";
    if (!refused && !strange) showPreview(preview.shadowRoot.lastChild, preview);
    showMessage(event.target, "preview", refused || strange);
  },
  true,
);

document.addEventListener(
  "markdownx.updateError",
  (event) => {
    showMessage(event.target, "preview", "The preview could not be made. What you typed is still here.");
  },
  true,
);

// A picture that is not public yet comes from the desk.
function showPreview(place, preview) {
  place.innerHTML = preview.innerHTML;
  for (const image of place.querySelectorAll("img")) {
    const { origin, pathname } = new URL(image.src, location);
    if (origin !== location.origin) continue;
    image.addEventListener(
      "error",
      () => {
        image.src = `/admin/releases/edition/picture/?path=${encodeURIComponent(decodeURI(pathname))}`;
      },
      { once: true },
    );
  }
}
