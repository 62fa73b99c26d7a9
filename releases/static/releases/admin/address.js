// The address of an empty form names it, so that Back leads to the same form and what it made is known.
const opened = document.querySelector("#id_opened")?.value;

if (opened && !location.search.includes("opened=")) {
  const query = location.search ? `${location.search}&` : "?";
  history.replaceState(null, "", `${location.pathname}${query}opened=${opened}`);
}
