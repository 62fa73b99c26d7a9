// Where a release leads is asked of a release that only leads on.
const form = document.querySelector("#id_form");
const row = document.querySelector(".form-row.field-link_url");

if (form && row) {
  const address = document.querySelector("#id_link_url");
  const show = () => {
    row.hidden = form.value !== "link" && !address.value;
  };
  row.classList.add("link-only");
  form.addEventListener("change", show);
  show();
}
