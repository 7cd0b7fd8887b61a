// Hooks: [data-run]: the page of a run. time[data-clock] counts on from its datetime.
// [data-secret-value]: a secret that stays in this page; it is taken out of whatever is typed.
// [data-file-name] shows the chosen file in [data-file-shown].
function two(number) {
  return String(number).padStart(2, "0");
}

function tick() {
  for (const clock of document.querySelectorAll("time[data-clock]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(clock.dateTime)) / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    clock.textContent = `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
  }
}

function withoutSecrets(text) {
  let clean = text;
  for (const field of document.querySelectorAll("[data-secret-value]")) {
    if (field.value) clean = clean.replaceAll(field.value, `<${field.dataset.secretValue}>`);
  }
  return clean;
}

tick();
setInterval(tick, 1000);

document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea, input[name=note]")) return;
  const clean = withoutSecrets(event.target.value);
  if (clean !== event.target.value) event.target.value = clean;
}, true);

document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("textarea, input[name=note]")) {
    field.value = withoutSecrets(field.value);
  }
}, true);

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-file-name]")) return;
  const shown = event.target.parentElement.querySelector("[data-file-shown]");
  shown.textContent = event.target.files[0]?.name ?? "";
});

// what was refused is shown like any other answer
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "run" && event.detail.xhr.status < 500) event.detail.shouldSwap = true;
});

document.addEventListener("htmx:afterSwap", (event) => {
  tick();
  // who only follows along is not moved about
  const byItself = event.detail.requestConfig?.elt?.hasAttribute("data-by-itself");
  if (event.detail.target.id === "run" && !byItself) document.querySelector("#step-title")?.focus();
});
