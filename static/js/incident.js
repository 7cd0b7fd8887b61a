// Hook: [data-composer]: Ctrl+Enter sends it, “n” goes to its text, [data-file-shown] names the chosen picture.
// [data-draft] names what is typed in it, which is kept in this tab.
// [data-since] and [data-until] count on from a time, so that clocks run between two answers of the server.
const LARGEST = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

function words(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const place = Math.max(0, LARGEST.findIndex(([, size]) => whole >= size));
  const shown = whole < 1 ? [["s", 1]] : LARGEST.slice(place, place + 2);
  const [[name, size], ...rest] = shown;
  const said = [`${Math.floor(whole / size)} ${name}`];
  for (const [small, each] of rest) {
    const count = Math.floor((whole % size) / each);
    if (count) said.push(`${count} ${small}`);
  }
  return said.join(" ");
}

function tick() {
  for (const clock of document.querySelectorAll("[data-since]")) {
    clock.textContent = words((Date.now() - new Date(clock.dataset.since)) / 1000);
  }
  for (const clock of document.querySelectorAll("[data-until]")) {
    const left = (new Date(clock.dataset.until) - Date.now()) / 1000;
    clock.textContent = left < 0 ? `${words(-left)} late` : `${words(left)} left`;
  }
}

const composer = () => document.querySelector("[data-composer]");

document.addEventListener("keydown", (event) => {
  const form = composer();
  if (!form) return;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "n" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    form.querySelector("textarea").focus();
  }
});

document.addEventListener("change", (event) => {
  const shown = event.target.closest?.("[data-composer] label")?.querySelector("[data-file-shown]");
  if (shown && event.target.type === "file") shown.textContent = event.target.files[0]?.name ?? "";
});

// What is typed stays in this tab until it is sent, whichever other button is pressed meanwhile.
const DRAFT = "incident-draft:";

function keep(form) {
  const [text, kind] = [form.querySelector("textarea").value, form.elements.kind?.value];
  try {
    if (text) sessionStorage.setItem(DRAFT + form.dataset.draft, JSON.stringify({ text, kind }));
    else sessionStorage.removeItem(DRAFT + form.dataset.draft);
  } catch {
    // without storage nothing is kept
  }
}

function restore(form) {
  const field = form?.querySelector("textarea");
  if (!field || field.value) return;
  try {
    const kept = JSON.parse(sessionStorage.getItem(DRAFT + form.dataset.draft));
    if (!kept) return;
    field.value = kept.text;
    if (kept.kind && form.elements.kind) form.elements.kind.value = kept.kind;
  } catch {
    // nothing was kept
  }
}

for (const what of ["input", "change"]) {
  document.addEventListener(what, (event) => {
    const form = event.target.closest?.("[data-draft]");
    if (form) keep(form);
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-draft]")) sessionStorage.removeItem(DRAFT + event.target.dataset.draft);
});

restore(composer());
tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
