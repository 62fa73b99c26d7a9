// A message below an editor of text, one for each thing that it is about; without words it is gone.
export function showMessage(widget, about, words) {
  let message = widget.querySelector(`.markdownx-message[data-about=${about}]`);
  if (!message) {
    message = document.createElement("p");
    message.className = "markdownx-message";
    message.dataset.about = about;
    message.setAttribute("role", "alert");
    widget.append(message);
  }
  message.textContent = words;
}
