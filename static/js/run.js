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
    clock.textContent = `${hours}:${two(minutes)}:${two(seconds % 60)}`;
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

function warn(title, detail) {
  const [note, head, text] = ["div", "p", "p"].map((name) => document.createElement(name));
  [note.className, head.className] = ["note is-bad", "note-title"];
  [head.textContent, text.textContent] = [title, `${detail} What you typed is still here.`];
  note.append(head, text);
  document.querySelector("#run-changed")?.replaceChildren(note);
  note.scrollIntoView({ block: "nearest" });
}

function whyNot(xhr) {
  if (xhr.responseURL.includes("/sign-in/")) return "You were signed out. Sign in in another tab.";
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.querySelector(".blank p")?.textContent ?? "The portal could not do it. Try again.";
}

// what was refused is shown like any other answer; another page never takes the place of this one
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target.id !== "run") return;
  event.detail.shouldSwap = xhr.responseText.includes('id="run"');
  if (!event.detail.shouldSwap) warn("Not done", whyNot(xhr));
});

document.addEventListener("htmx:sendError", () => {
  warn("No connection", "Nothing was sent. Try again: pressing twice does no harm.");
});

// back again after a lost connection
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.elt.id !== "run-poll" || event.detail.xhr.status !== 204) return;
  document.querySelector("#run-changed > .is-bad")?.remove();
});

document.addEventListener("htmx:afterSwap", (event) => {
  tick();
  // who only follows along is not moved about
  const byItself = event.detail.requestConfig?.elt?.hasAttribute("data-by-itself");
  if (event.detail.target.id !== "run" || byItself) return;
  const wrong = document.querySelector("#run [aria-invalid=true]");
  if (!wrong) scrollTo(0, 0);
  (wrong ?? document.querySelector("#step-title"))?.focus();
});

// a link to what is folded unfolds it
document.addEventListener("click", (event) => {
  const hash = event.target.closest?.("a[href^='#']")?.hash;
  const field = hash && document.getElementById(hash.slice(1));
  const folded = field?.closest("details:not([open])");
  if (!folded) return;
  event.preventDefault();
  folded.open = true;
  field.focus();
});
