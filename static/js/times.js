// Hooks: <time datetime data-utc>, [data-utc-toggle], [data-zone].
// Point at a time for its UTC; the button in the footer shows all of them in UTC.
const button = document.querySelector("[data-utc-toggle]");
const zone = document.querySelector("[data-zone]");
const local = zone?.textContent;

function utc(time) {
  const at = new Date(time.dateTime);
  return Number.isNaN(at.valueOf()) ? "" : `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function show(time, inUtc) {
  time.dataset.local ??= time.textContent;
  time.textContent = (inUtc && utc(time)) || time.dataset.local;
}

function inUtc() {
  return button?.getAttribute("aria-pressed") === "true";
}

function showAll(within = document) {
  within.querySelectorAll("time[data-utc]").forEach((time) => show(time, inUtc()));
}

document.addEventListener("pointerover", (event) => {
  const time = event.target.closest?.("time[data-utc]");
  if (time) time.title = utc(time);
});

button?.addEventListener("click", () => {
  button.setAttribute("aria-pressed", String(!inUtc()));
  button.textContent = inUtc() ? `Show them in ${local}` : "Show them in UTC";
  zone.textContent = inUtc() ? "UTC" : local;
  showAll();
});

if (button) button.hidden = local === "UTC" || !document.querySelector("time[data-utc]");
document.addEventListener("htmx:afterSwap", (event) => inUtc() && showAll(event.target));
