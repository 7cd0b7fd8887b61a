// Hook: [data-copy], inside the .code or .step-title whose code it copies. Neither prompts nor what
// a program answered are copied;
// [data-secret] places get what the reader typed into [data-secret-value] of that name.
const SHOWN_FOR = 1600;

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

function textOf(button) {
  const code = button.closest(".code, .step-title").querySelector("code").cloneNode(true);
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
  if (!button) return;
  try {
    await copy(textOf(button));
    say(button, "Copied");
  } catch {
    say(button, "Not copied");
  }
  button.focus();
});

dress(document);
document.addEventListener("htmx:afterSwap", () => dress(document));
