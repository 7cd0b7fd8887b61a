// Hook: .admin-autocomplete. What select2 draws of a field is named as the field is.
function named(select, text) {
  const name = document.createElement("span");
  Object.assign(name, { id: `${select.id}-name`, className: "visually-hidden", textContent: text });
  return name;
}

function tell(combobox) {
  const select = combobox.closest(".select2-container")?.previousElementSibling;
  const text = select?.labels?.[0]?.textContent.trim() || select?.getAttribute("aria-label");
  const shown = combobox.querySelector(".select2-selection__rendered");
  if (!text || !shown || document.getElementById(`${select.id}-name`)) return;
  combobox.before(named(select, text));
  shown.removeAttribute("role");
  shown.removeAttribute("aria-readonly");
  combobox.setAttribute("aria-labelledby", `${select.id}-name ${shown.id}`);
}

function tellAll() {
  document.querySelectorAll(".select2-selection--single").forEach(tell);
}

// the column of what a row is called has no heading of its own
document.querySelectorAll("th.original:empty").forEach((cell) => {
  cell.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: "Row" }));
});

new MutationObserver(tellAll).observe(document.body, { childList: true, subtree: true });
tellAll();
