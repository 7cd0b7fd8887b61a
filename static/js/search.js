// Hook: [data-search]. "/" goes to the search box, Escape leaves it.
const TYPING = "input, textarea, select, [contenteditable]";

function box() {
  return [...document.querySelectorAll("[data-search]")].find((input) => input.checkVisibility());
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
  if (event.key !== "/" || event.target.closest(TYPING) || !box()) return;
  event.preventDefault();
  box().focus();
  box().select();
});
