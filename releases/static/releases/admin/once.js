// One click, one save: what is sent already is not sent again, until the page is shown again (by Back, or
// after an error).
const PAUSE = 5000; // milliseconds; an answer may be a file, which leaves the page as it is

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "yes";
  setTimeout(() => {
    delete form.dataset.sent;
  }, PAUSE);
});

window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
