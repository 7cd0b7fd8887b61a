// Hook: [data-markdown-tools], a toolbar for the text area that its aria-controls names. What it
// writes can be undone like what was typed. A chosen picture goes to the text area as the event
// "portal:picture"; whoever takes pictures there listens. Without this file the bar is hidden.

const LINES = {
  heading: { is: /^#{1,6} +/, mark: () => "## " },
  bullets: { is: /^[-*+] +(?!\[[ x]\])/i, mark: () => "- " },
  numbers: { is: /^\d+[.)] +/, mark: (line) => `${line + 1}. ` },
  task: { is: /^[-*+] +\[[ x]\] +/i, mark: () => "- [ ] " },
};
const NESTS = ["bullets", "numbers", "task"];
const ANY_MARK = /^(#{1,6} +|[-*+] +\[[ x]\] +|[-*+] +|\d+[.)] +)/i;
const TABLE = "| Column | Column |\n|---|---|\n|  |  |";

// What a button does: the part of the text from `from` to `to` becomes `text`, of which the part
// from `at`, `length` long, is selected then.

function lines(kind, { value, start, end }) {
  const from = start ? value.lastIndexOf("\n", start - 1) + 1 : 0;
  const after = value.indexOf("\n", Math.max(end - 1, from));
  const to = after < 0 ? value.length : after;
  const old = value.slice(from, to).split("\n");
  const filled = old.filter((line) => line.trim());
  const least = Math.min(...filled.map((line) => indent(line).length));
  const isMarked = (line) => old.length === 1 || (line.trim() && indent(line).length === least); // not what is nested
  const off = filled.length > 0 && old.filter(isMarked).every((line) => LINES[kind].is.test(line.trimStart()));
  const marked = (line, i) =>
    (NESTS.includes(kind) ? indent(line) : "") +
    (off ? "" : LINES[kind].mark(i)) +
    line.trimStart().replace(ANY_MARK, "");
  let number = 0;
  const text = old.map((line) => (isMarked(line) ? marked(line, number++) : line)).join("\n");
  return { from, to, text, at: old.length > 1 ? 0 : text.length, length: old.length > 1 ? text.length : 0 };
}

function indent(line) {
  return /^[ \t]*/.exec(line)[0];
}

function around(before, after, filler, { value, start, end }) {
  const inside = value.slice(start, end) || filler;
  return { from: start, to: end, text: before + inside + after, at: before.length, length: inside.length };
}

function link(typed) {
  const chosen = typed.value.slice(typed.start, typed.end);
  if (/^https?:\/\/\S+$/.test(chosen)) {
    return { from: typed.start, to: typed.end, text: `[text](${chosen})`, at: 1, length: 4 };
  }
  const text = chosen || "text";
  return { from: typed.start, to: typed.end, text: `[${text}](https://)`, at: text.length + 3, length: 8 };
}

// A block stands between empty lines.
function block(text, at, length, { value, start, end }) {
  const before = value.slice(0, start);
  const after = value.slice(end);
  const above = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const below = !after || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  return { from: start, to: end, text: above + text + below, at: above.length + at, length };
}

function code(typed) {
  const chosen = typed.value.slice(typed.start, typed.end);
  if (chosen && !chosen.includes("\n")) return around("`", "`", "", typed);
  const inside = chosen.replace(/^\n+|\n+$/g, "") || "command";
  return block(`\`\`\`bash\n${inside}\n\`\`\``, 8, inside.length, typed);
}

const DOES = {
  link,
  code,
  table: (typed) => block(TABLE, 2, 6, { ...typed, start: typed.end }),
  parameter: (typed) => around("{{ ", " }}", "name", typed),
};

function edit(area, kind) {
  const typed = { value: area.value, start: area.selectionStart, end: area.selectionEnd };
  const { from, to, text, at, length } = kind in LINES ? lines(kind, typed) : DOES[kind](typed);
  area.focus();
  area.setSelectionRange(from, to);
  // the browser's own typing keeps its undo; where it cannot, the text is set
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(from + at, from + at + length);
}

// One stop for the Tab key; arrows go through the buttons.
function roving(bar, buttons) {
  const stop = (at) => buttons.forEach((button, i) => (button.tabIndex = i === at ? 0 : -1));
  stop(0);
  bar.addEventListener("focusin", ({ target }) => buttons.includes(target) && stop(buttons.indexOf(target)));
  bar.addEventListener("keydown", (event) => {
    const now = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (now < 0 || to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
}

function start(bar) {
  const area = document.getElementById(bar.getAttribute("aria-controls"));
  if (!area || !bar.hidden) return;
  bar.hidden = false;
  const buttons = [...bar.querySelectorAll("[data-md]")];
  const file = bar.querySelector("[type=file]");
  roving(bar, buttons);
  // a pressed button does not take the selection out of the text
  bar.addEventListener("pointerdown", (event) => event.target.closest("[data-md]") && event.preventDefault());
  bar.addEventListener("click", (event) => {
    const kind = event.target.closest("[data-md]")?.dataset.md;
    if (kind === "image") file.click();
    else if (kind) edit(area, kind);
  });
  file?.addEventListener("change", () => {
    for (const picture of file.files) area.dispatchEvent(new CustomEvent("portal:picture", { detail: picture }));
    file.value = "";
  });
}

const startAll = (within) => within.querySelectorAll("[data-markdown-tools]").forEach(start);
startAll(document);
document.addEventListener("portal:content", (event) => startAll(event.target));
