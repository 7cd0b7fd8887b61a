// Hooks: form[data-autosubmit] sends itself when a choice changes;
// its [data-autosubmit-button] is for readers without this file.
const CHOICES = "select, input[type=checkbox], input[type=radio]";

function hideButtons() {
  for (const button of document.querySelectorAll("[data-autosubmit-button]")) button.hidden = true;
}

hideButtons();
document.addEventListener("htmx:afterSwap", hideButtons);

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-autosubmit]") && event.target.matches(CHOICES)) form.requestSubmit();
});
