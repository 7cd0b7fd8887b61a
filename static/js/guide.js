// Hooks: [data-callout]: a mark of a picture and its text; pointing at one lights up the other.
// [data-zoom] in [data-shot] opens the picture in a dialog. [data-seek] jumps in the film above it.
// An address that names a details element opens it.
const STEP = 1.5;
const LARGEST = 6;
const READABLE = 900; // pixels of width at which the words of a page can be read

function light(target, on) {
  const name = target.closest?.("[data-callout]")?.dataset.callout;
  if (!name) return;
  for (const each of document.querySelectorAll(`[data-callout="${name}"]`)) {
    each.classList.toggle("is-lit", on);
  }
}

for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(begin, (event) => light(event.target, true));
  document.addEventListener(end, (event) => light(event.target, false));
}

// The picture with its marks, larger

function button(label, word, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = word;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function copied(picture) {
  const copy = picture.cloneNode(true);
  for (const each of [copy, ...copy.querySelectorAll("[id]")]) each.removeAttribute("id");
  copy.removeAttribute("aria-labelledby");
  copy.removeAttribute("aria-describedby");
  copy.setAttribute("role", "img");
  copy.setAttribute("aria-label", picture.querySelector("title").textContent);
  for (const mark of copy.querySelectorAll("a")) {
    mark.removeAttribute("href");
    mark.removeAttribute("aria-label");
  }
  return copy;
}

function enlarge(picture, opener) {
  const dialog = document.createElement("dialog");
  const frame = document.createElement("div");
  const copy = copied(picture);
  let scale = 1;
  let smallest = 1;
  const size = (to) => {
    scale = Math.min(LARGEST, Math.max(smallest, to));
    copy.style.width = `${scale * 100}%`;
  };
  const bar = document.createElement("div");
  bar.className = "zoomed-bar";
  bar.append(
    button("Larger", "+", () => size(scale * STEP)),
    button("Smaller", "−", () => size(scale / STEP)),
    button("Close", "Close", () => dialog.close()),
  );
  frame.className = "zoomed-frame";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Enlarged picture: plus and minus change its size, arrow keys move it");
  frame.append(copy);
  dialog.className = "zoomed";
  dialog.setAttribute("aria-label", "Enlarged picture");
  dialog.append(bar, frame);
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "+" || event.key === "=") size(scale * STEP);
    if (event.key === "-") size(scale / STEP);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  const natural = picture.viewBox.baseVal.width / frame.clientWidth;
  const first = Math.min(Math.max(1, READABLE / frame.clientWidth), natural);
  smallest = Math.min(1, first);
  size(first);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-zoom]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  enlarge(opener.closest("[data-shot]").querySelector("svg[viewBox]"), opener);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-seek]");
  const film = link && document.querySelector(".film video");
  if (!film) return;
  event.preventDefault();
  film.currentTime = Number(link.dataset.seek);
  film.play().catch(() => {});
});

function openNamed() {
  const name = decodeURIComponent(location.hash.slice(1));
  const named = name ? document.getElementById(name) : null;
  if (!named?.matches("details")) return;
  named.open = true;
  named.scrollIntoView();
}

addEventListener("hashchange", openNamed);
openNamed();
