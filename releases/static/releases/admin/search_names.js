// A field that is searched has the name of its label, as other fields have.
function nameFields() {
  for (const box of document.querySelectorAll(".select2-selection:not([data-named])")) {
    const field = box.closest(".select2-container").previousElementSibling;
    const label = field && document.querySelector(`label[for="${field.id}"]`);
    if (!label) continue;
    label.id ||= `${field.id}-label`;
    const shown = box.querySelector(".select2-selection__rendered");
    box.setAttribute("aria-labelledby", `${label.id} ${shown ? shown.id : ""}`.trim());
    shown?.setAttribute("aria-labelledby", label.id);
    box.dataset.named = "yes";
  }
}

nameFields();
new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true });
