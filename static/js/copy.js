// Hook: [data-copy], inside the .code or .step-title whose code it copies, or behind code in a line.
// Neither prompts nor what a program answered are copied; [data-secret] places get what the reader
// typed into [data-secret-value] of that name. Code in the lines of a document gets a button of its
// own, seen where one points or tabs.
const SHOWN_FOR = 1600;
const ROOM = 100; // that a button with its word needs, in pixels
const IN_LINES = ".doc :not(pre) > code, #step-title code";

const spoken = document.createElement("span");
spoken.className = "visually-hidden";
spoken.setAttribute("role", "status");
document.body.append(spoken);

// The renderer of documents writes the word alone.
function dress(within) {
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
  if (!sprite) return;
  for (const button of within.querySelectorAll("[data-copy]:not(:has(svg))")) {
    button.insertAdjacentHTML("afterbegin", '<svg class="icon" aria-hidden="true"><use/></svg>');
    button.querySelector("use").setAttribute("href", `${sprite}#i-copy`);
  }
}

function addButtons() {
  for (const code of document.querySelectorAll(IN_LINES)) {
    const has_one = code.nextElementSibling?.matches("[data-copy]");
    if (has_one || code.closest(".step-title, a, button, summary") || !code.textContent.trim()) continue;
    const heading = code.closest("h1, h2, h3, h4, h5, h6");
    heading?.setAttribute("aria-label", heading.ariaLabel ?? heading.textContent.trim());
    const button = document.createElement("button");
    [button.type, button.className, button.textContent] = ["button", "btn copy-line", "Copy"];
    button.dataset.copy = "";
    code.after(button);
  }
}

function dressAll() {
  addButtons();
  dress(document);
}

// at the edge of the page it stands over the end of its code
function place(target) {
  const code = target.closest?.(".copy-line")?.previousElementSibling ?? target.closest?.("code");
  const button = code?.nextElementSibling;
  if (!button?.matches(".copy-line")) return;
  const end = [...code.getClientRects()].at(-1).right;
  button.classList.toggle("is-over", document.documentElement.clientWidth - end < ROOM);
}

// where nothing points, a tap on the code shows its button
function tapped(target) {
  if (!matchMedia("(hover: none)").matches || !getSelection().isCollapsed) return;
  const next = target.closest("code")?.nextElementSibling;
  if (next?.matches(".copy-line")) next.focus({ preventScroll: true });
}

function textOf(button) {
  const block = button.closest(".code, .step-title");
  const code = (block?.querySelector("code") ?? button.previousElementSibling).cloneNode(true);
  code.querySelectorAll(".hl-p, samp").forEach((other) => other.remove());
  code.querySelectorAll("[data-secret]").forEach(fill);
  return code.textContent.replace(/^\n+|\n+$/g, ""); // a last line end would run it when pasted
}

// A secret that the reader typed on this page, as one word of the shell in the quotes around it.
function fill(place) {
  const name = CSS.escape(place.dataset.param);
  const value = document.querySelector(`[data-secret-value="${name}"]`)?.value;
  const around = place.dataset.secret;
  if (value) place.textContent = `${around}'${value.replaceAll("'", "'\\''")}'${around}`;
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  return copyBySelection(text);
}

// browsers offer the clipboard only over HTTPS and on localhost
function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("The browser refused to copy.");
}

function say(button, word) {
  const label = [...button.childNodes].findLast((node) => node.nodeType === Node.TEXT_NODE);
  const before = (button.dataset.label ??= label.data);
  label.data = word;
  spoken.textContent = word;
  setTimeout(() => {
    label.data = before;
    spoken.textContent = "";
  }, SHOWN_FOR);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return tapped(event.target);
  try {
    await copy(textOf(button));
    say(button, "Copied");
  } catch {
    say(button, "Not copied");
  }
  button.focus();
});

for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, (event) => place(event.target));
}

dressAll();
document.addEventListener("htmx:afterSwap", dressAll);
