// A link is typed, or found among the releases, annexes, agreements and agencies of this site.
import { insertText, selectedIn } from "./text_insertion.js";
import { askFor } from "./writing_dialog.js";

const PLACE = "/admin/releases/edition/link-targets/";

function showTargets(list, targets, choose) {
  list.replaceChildren(
    ...targets.map((target) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = `${target.kind}: ${target.title}`;
      button.addEventListener("click", () => choose(target));
      item.append(button);
      return item;
    }),
  );
}

// The list below the search, which follows what is typed into it.
function makeSearch(form, edition) {
  const part = document.createElement("div");
  const list = document.createElement("ul");
  list.className = "targets";
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  part.append(told, list);
  let asked = 0;
  const search = async () => {
    asked += 1;
    const mine = asked;
    const query = new URLSearchParams({ q: form.elements.search.value, edition });
    const answer = await fetch(`${PLACE}?${query}`).catch(() => null);
    if (mine !== asked) return; // a later one is on its way
    const targets = answer?.ok ? (await answer.json()).targets : [];
    showTargets(list, targets, (target) => {
      form.elements.address.value = target.address;
      if (!form.elements.words.value) form.elements.words.value = target.title;
      form.querySelector("[value=done]").focus();
    });
    const none = form.elements.search.value ? "Nothing found." : "";
    told.textContent = targets.length ? `${targets.length} found` : none;
  };
  form.elements.search.addEventListener("input", search);
  search();
  return part;
}

export async function insertLink(editor) {
  const edition = location.pathname.match(/\/edition\/(\d+)\/change\//)?.[1] || "";
  const chosen = selectedIn(editor);
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  const found = await askFor(
    "Link",
    [
      {
        name: "search",
        label: "Find on this site",
        help: "A release, annex, agreement or agency. Choose one, or type words and address below.",
        follow: (form) => makeSearch(form, edition),
      },
      { name: "words", label: "Words of the link", value: isAddress ? "" : chosen, required: true },
      {
        name: "address",
        label: "Address",
        value: isAddress ? chosen : "",
        required: true,
        pattern: "(https?://|mailto:|tel:|/).+",
        title: "An address that begins with https://, or one found above",
      },
    ],
    "Put in",
  );
  editor.focus();
  if (!found) return;
  const words = found.words.replace(/[[\]]/g, "\\$&");
  const address = /[\s()]/.test(found.address) ? `<${found.address}>` : found.address;
  insertText(editor, `[${words}](${address})`);
}
