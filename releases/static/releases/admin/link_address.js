// Where a release leads is asked of a release that only leads on.
const kind = document.querySelector("#id_kind");
const row = document.querySelector(".form-row.field-link_url");

if (kind && row) {
  const address = document.querySelector("#id_link_url");
  const show = () => {
    row.hidden = kind.value !== "link" && !address.value;
  };
  row.classList.add("link-only");
  kind.addEventListener("change", show);
  show();
}
