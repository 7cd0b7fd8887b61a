// Hook: .pickers, one field for each thing that is chosen. Whoever fills the last one gets another.
function more(last) {
  const next = last.cloneNode();
  const number = last.parentElement.children.length + 1;
  next.value = "";
  for (const name of ["value", "autofocus", "aria-invalid"]) next.removeAttribute(name);
  next.id = next.id.replace(/\d+$/, number);
  next.setAttribute("aria-label", next.getAttribute("aria-label").replace(/\d+$/, number));
  last.after(next);
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches(".pickers > input:last-of-type") && field.value) more(field);
});
