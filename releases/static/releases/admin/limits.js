// Too large is told before a long upload, and before a text is sent that no server would take.
const LARGEST_TEXT = 300_000; // bytes

const written = (number) => number.toLocaleString("en");

function refuse(field, words) {
  let note = field.parentElement.querySelector(":scope > .too-large");
  if (!note) {
    note = document.createElement("p");
    note.className = "too-large";
    note.setAttribute("role", "alert");
    field.after(note);
  }
  note.textContent = words;
  field.setCustomValidity?.(words);
}

function whyTooLarge(field) {
  const largest = Number(field.dataset.largest || Infinity);
  const together = Number(field.dataset.together || Infinity);
  const large = [...field.files].filter((file) => file.size > largest);
  if (large.length) {
    const allowed = `${written(largest)} are allowed. Choose again without it.`;
    const words = (file) => `${file.name} has ${written(file.size)} bytes; ${allowed}`;
    return large.map(words).join(" ");
  }
  const all = [...field.form.elements].flatMap((each) => [...(each.files || [])]);
  const sum = all.reduce((total, file) => total + file.size, 0);
  if (sum <= together) return "";
  return (
    `The files of this form have ${written(sum)} bytes together; ${written(together)} are sent at once. ` +
    "Choose some of them, save, then add the others."
  );
}

document.addEventListener("change", (event) => {
  if (event.target.type === "file") refuse(event.target, whyTooLarge(event.target));
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea")) return;
  const size = new Blob([event.target.value]).size;
  const tooLong = `The text has ${written(size)} bytes; ${written(LARGEST_TEXT)} are allowed.`;
  const words = size > LARGEST_TEXT ? tooLong : "";
  if (words || event.target.validity.customError) refuse(event.target, words);
});

document.addEventListener(
  "submit",
  (event) => {
    const bad = [...event.target.elements].find((field) => field.validity?.customError);
    if (!bad) return;
    event.preventDefault();
    bad.focus();
  },
  true,
);
