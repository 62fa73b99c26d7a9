// Beside the check of a link that leads nowhere: one click puts in the address that was probably meant.
import { makeButton } from "./button.js";

function replaceTarget(text, target, likely) {
  const ends = "[)\\s\"'>]";
  const typed = target.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = new RegExp(`(\\]\\(\\s*<?|\\]:\\s*|(?:href|src)\\s*=\\s*["']?)${typed}(?=${ends}|$)`, "gm");
  return text.replace(found, (_, before) => before + likely);
}

for (const check of document.querySelectorAll(".checks li[data-likely]")) {
  const { target, likely } = check.dataset;
  const body = document.getElementById("id_body");
  if (!body || replaceTarget(body.value, target, likely) === body.value) continue;
  const button = makeButton(`Use ${likely}`, () => {
    body.value = replaceTarget(body.value, target, likely);
    body.dispatchEvent(new Event("input", { bubbles: true }));
    button.textContent = "Changed in the text. Save to keep it.";
    button.setAttribute("aria-disabled", "true");
  });
  check.append(" ", button);
}
