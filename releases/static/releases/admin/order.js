// Issuers and annexes are put in order by arrows too. Django counts rows by their place, so they go back
// before it takes one out.
import { makeButton } from "./button.js";

const ARROWS = [
  ["↑", "Move up", -1],
  ["↓", "Move down", 1],
];

const rowsOf = (group) => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
const placeOf = (row) => row.querySelector("input[name$=-position]");

function isFilled(row) {
  const fields = [
    ...row.querySelectorAll("select, input[type=file], input[name$=-title], input[name$=-agency]"),
  ];
  return row.matches(".has_original") || fields.some((field) => field.value);
}

function arrange(group, key) {
  const template = group.querySelector(".empty-form");
  const rows = rowsOf(group).map((row, at) => [key(row, at), row]);
  for (const [, row] of rows.sort(([a], [b]) => a - b)) template.before(row);
}

function move(row, step) {
  const group = row.closest(".inline-group");
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other?.matches(".inline-related:not(.empty-form)")) return;
  if (step < 0) other.before(row);
  else other.after(row);
  rowsOf(group)
    .filter(isFilled)
    .forEach((each, at) => {
      placeOf(each).value = at + 1;
    });
  row.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

function addArrows(row) {
  if (!placeOf(row) || row.querySelector(".move")) return;
  const place = document.createElement("span");
  place.className = "move";
  for (const [sign, words, step] of ARROWS) {
    const button = makeButton(sign, () => {
      move(row, step);
      button.focus();
    });
    button.setAttribute("aria-label", words);
    place.append(button);
  }
  row.querySelector("h3").append(place);
}

window.addEventListener("load", () => {
  for (const row of document.querySelectorAll(".inline-related:not(.empty-form)")) addArrows(row);
});
document.addEventListener("formset:added", (event) => addArrows(event.target));
document.addEventListener(
  "click",
  (event) => {
    const group = event.target.closest(".inline-deletelink")?.closest(".inline-group");
    if (!group) return;
    arrange(group, (row) => Number(row.id.split("-").pop()));
    setTimeout(() => arrange(group, (row, at) => Number(placeOf(row)?.value) || 1000 + at));
  },
  true,
);
