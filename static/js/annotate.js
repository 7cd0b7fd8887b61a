// Draws callouts on the picture of a step. Hooks: [data-stage] with img[data-shot]; the rows
// [data-callout] of [data-callouts] (the table that also works without this script), the parts in
// <template data-annotate-parts> and <template data-empty-callout>. The rows are the only store:
// a mark is drawn from its row, and what is drawn is written into its row.
const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["x", "y", "w", "h"];
const LEAST = 1; // percent
const MOST = 20;
const STEP = 1;
const WORDS = { box: "Box", arrow: "Arrow", circle: "Circle", highlight: "Highlight", blur: "Blur" };

const stage = document.querySelector("[data-stage]");
const table = document.querySelector("[data-callouts]");
const parts = document.querySelector("template[data-annotate-parts]").content;
const part = (name) => parts.querySelector(`[data-part="${name}"]`).cloneNode(true);
const tools = part("tools");
const status = part("status");
let overlay;
let tool = "box";
let selected;

// Rows

const rows = () => [...table.querySelectorAll("[data-callout]")];
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const removed = (row) => field(row, "DELETE").checked;
const drawn = (row) => !removed(row) && field(row, "w").value !== "" && field(row, "h").value !== "";

function inOrder() {
  const at = (row) => Number(field(row, "ORDER").value || 1000);
  return rows().filter(drawn).map((row, index) => [row, index]).sort(([a, i], [b, j]) => at(a) - at(b) || i - j).map(([row]) => row);
}

function boxOf(row) {
  return Object.fromEntries(SIDES.map((side) => [side, Number(field(row, side).value)]));
}

const round = (value) => Math.round(value * 10) / 10;
const within = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

function setBox(row, box) {
  const w = within(box.w, LEAST, 100);
  const h = within(box.h, LEAST, 100);
  const fitted = { w, h, x: within(box.x, 0, 100 - w), y: within(box.y, 0, 100 - h) };
  for (const side of SIDES) field(row, side).value = round(fitted[side]);
}

function emptyRow() {
  const spare = rows().find((row) => !removed(row) && !drawn(row) && !field(row, "text").value);
  if (spare) return spare;
  const total = document.querySelector(`[name="${table.dataset.callouts}-TOTAL_FORMS"]`);
  if (rows().filter((row) => !removed(row)).length >= MOST) return null;
  const html = document.querySelector("template[data-empty-callout]").innerHTML.replaceAll("__prefix__", total.value);
  table.tBodies[0].insertAdjacentHTML("beforeend", html);
  total.value = Number(total.value) + 1;
  return rows().at(-1);
}

function newRow(kind, box) {
  const row = emptyRow();
  if (!row) {
    say(`A picture has at most ${MOST} callouts.`);
    return null;
  }
  field(row, "kind").value = kind;
  field(row, "ORDER").value = inOrder().length + 1;
  setBox(row, box);
  return row;
}

// Empty rows are for those who draw without this script.
function hideSpare() {
  for (const row of rows()) row.hidden = removed(row) || (!drawn(row) && !row.querySelector(".errorlist, .errors") && !field(row, "text").value);
}

function renumber() {
  inOrder().forEach((row, index) => (field(row, "ORDER").value = index + 1));
}

// Marks

const counted = () => inOrder().filter((row) => field(row, "kind").value !== "blur");

function nameOf(row) {
  const kind = field(row, "kind").value;
  const place = counted().indexOf(row) + 1;
  const { x, y, w, h } = boxOf(row);
  const text = field(row, "text").value;
  return `${WORDS[kind]}${place ? ` ${place}` : ""}${text ? `, ${text}` : ""}: ${x} % from the left, ${y} % from the top, ${w} × ${h} %`;
}

function say(text) {
  status.textContent = text;
}

function shape(kind, { x, y, w, h }) {
  const circle = kind === "circle";
  const made = document.createElementNS(SVG, circle ? "ellipse" : "rect");
  const values = circle ? { cx: x + w / 2, cy: y + h / 2, rx: w / 2, ry: h / 2 } : { x, y, width: w, height: h };
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, `${value}%`);
  return made;
}

// An arrow points at its box, from the side where there is most room, as readers see it.
function arrow({ x, y, w, h }) {
  const { width, height } = stage.getBoundingClientRect();
  const rooms = [[x * width, -1, 0], [(100 - x - w) * width, 1, 0], [y * height, 0, -1], [(100 - y - h) * height, 0, 1]];
  const [room, dx, dy] = rooms.reduce((most, each) => (each[0] > most[0] ? each : most));
  const tip = [((x + w / 2) / 100) * width + dx * ((w / 200) * width + 5), ((y + h / 2) / 100) * height + dy * ((h / 200) * height + 5)];
  const length = Math.min(90, Math.max(room / 100 - 5, 0));
  const barbs = [-0.7, 0.7].map((side) => [tip[0] + dx * 13 + side * dy * 13, tip[1] + dy * 13 + side * dx * 13]);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", `M${tip[0] + dx * length} ${tip[1] + dy * length} L${tip} M${barbs[0]} L${tip} L${barbs[1]}`);
  return path;
}

function pin(place, { x, y }) {
  const group = document.createElementNS(SVG, "svg");
  group.setAttribute("x", `${x}%`);
  group.setAttribute("y", `${y}%`);
  group.setAttribute("class", "pin");
  const circle = document.createElementNS(SVG, "circle");
  circle.setAttribute("r", 12);
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("dy", ".36em");
  text.textContent = place;
  group.append(circle, text);
  return group;
}

function handle({ x, y, w, h }) {
  const made = document.createElementNS(SVG, "circle");
  made.setAttribute("class", "handle");
  made.setAttribute("data-handle", "");
  made.setAttribute("r", 8);
  made.setAttribute("cx", `${x + w}%`);
  made.setAttribute("cy", `${y + h}%`);
  return made;
}

function mark(row) {
  const kind = field(row, "kind").value;
  const box = boxOf(row);
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", `mark is-${kind}${row === selected ? " selected" : ""}`);
  group.setAttribute("tabindex", "0");
  group.setAttribute("role", "button");
  group.setAttribute("aria-label", nameOf(row));
  const edge = shape(kind, box);
  edge.setAttribute("class", "edge");
  group.append(edge, shape(kind, box));
  if (kind === "arrow") group.append(arrow(box));
  const place = counted().indexOf(row) + 1;
  if (place) group.append(pin(place, box));
  group.append(handle(box));
  group.row = row;
  return group;
}

function draw() {
  if (!overlay) return;
  const focused = overlay.contains(document.activeElement) ? document.activeElement.row : null;
  overlay.replaceChildren(...inOrder().map(mark));
  hideSpare();
  const again = [...overlay.children].find((each) => each.row === focused);
  again?.focus();
}

function changed(row) {
  draw();
  say(nameOf(row));
  row.dispatchEvent(new Event("change", { bubbles: true }));
}

function focusOn(row) {
  selected = row;
  draw();
  [...overlay.children].find((each) => each.row === row)?.focus();
}

function remove(row) {
  const place = inOrder().indexOf(row);
  field(row, "DELETE").checked = true;
  row.hidden = true;
  renumber();
  draw();
  const next = inOrder()[Math.min(place, inOrder().length - 1)];
  if (next) focusOn(next);
  else tools.querySelector("[data-add]").focus();
  say(`Removed. ${inOrder().length} left.`);
  table.dispatchEvent(new Event("change", { bubbles: true }));
}

// Pointer

function at(event) {
  const { left, top, width, height } = overlay.getBoundingClientRect();
  return [within(((event.clientX - left) / width) * 100, 0, 100), within(((event.clientY - top) / height) * 100, 0, 100)];
}

function spanned([x1, y1], [x2, y2]) {
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), w: Math.abs(x2 - x1), h: Math.abs(y2 - y1) };
}

// How the pointer changes the box of a row: drawn anew, resized at the handle, or moved.
function gesture(event, start) {
  const found = event.target.closest(".mark");
  if (!found) return { row: null, box: (end) => spanned(start, end) };
  const before = boxOf(found.row);
  if (event.target.closest("[data-handle]")) return { row: found.row, box: (end) => spanned([before.x, before.y], end) };
  return { row: found.row, box: (end) => ({ ...before, x: before.x + end[0] - start[0], y: before.y + end[1] - start[1] }) };
}

function press(event) {
  if (event.button) return;
  event.preventDefault();
  const start = at(event);
  const { row, box } = gesture(event, start);
  let current = row;
  if (row) focusOn(row);
  overlay.setPointerCapture(event.pointerId);

  function follow(moved) {
    const wanted = box(at(moved));
    if (!current && Math.min(wanted.w, wanted.h) < LEAST) return;
    current ??= newRow(tool, wanted);
    if (!current) return;
    selected = current;
    setBox(current, wanted);
    draw();
  }

  function end() {
    overlay.removeEventListener("pointermove", follow);
    if (!current) return;
    changed(current);
    if (!row) field(current, "text").focus();
  }

  overlay.addEventListener("pointermove", follow);
  overlay.addEventListener("pointerup", end, { once: true });
  overlay.addEventListener("pointercancel", end, { once: true });
}

// Keys

const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

function key(event) {
  const row = event.target.closest(".mark")?.row;
  if (!row) return;
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    return remove(row);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    return field(row, "text").focus();
  }
  const [dx, dy] = ARROWS[event.key] ?? [];
  if (dx === undefined) return;
  event.preventDefault();
  const box = boxOf(row);
  setBox(row, event.shiftKey ? { ...box, w: box.w + dx, h: box.h + dy } : { ...box, x: box.x + dx, y: box.y + dy });
  changed(row);
}

function addInTheMiddle() {
  const row = newRow(tool, { x: 40, y: 40, w: 20, h: 20 });
  if (!row) return;
  focusOn(row);
  changed(row);
}

// The stage

function begin(picture) {
  stage.replaceChildren(picture);
  overlay = document.createElementNS(SVG, "svg");
  overlay.setAttribute("class", "overlay");
  overlay.setAttribute("role", "group");
  overlay.setAttribute("aria-label", "Marks on the picture");
  stage.append(overlay);
  stage.before(tools, status);
  overlay.addEventListener("pointerdown", press);
  overlay.addEventListener("keydown", key);
  overlay.addEventListener("focusin", (event) => {
    selected = event.target.closest(".mark")?.row;
    for (const each of overlay.children) each.classList.toggle("selected", each.row === selected);
  });
  draw();
}

function showChosen(file) {
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const picture = new Image();
    picture.alt = "The picture that you chose";
    picture.dataset.shot = "";
    picture.addEventListener("load", () => begin(picture));
    picture.addEventListener("error", () => say("This file is no picture that can be shown."));
    picture.src = reader.result;
  });
  reader.readAsDataURL(file);
}

tools.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-tool]");
  if (event.target.closest("[data-add]")) addInTheMiddle();
  if (!chosen) return;
  tool = chosen.dataset.tool;
  tools.querySelectorAll("[data-tool]").forEach((each) => each.setAttribute("aria-pressed", each === chosen));
});

table.addEventListener("input", draw);
table.addEventListener("change", (event) => {
  if (event.target.name?.endsWith("-ORDER") || event.target.name?.endsWith("-DELETE")) draw();
});
addEventListener("resize", draw);
document.querySelector("[data-picture] [type=file]").addEventListener("change", (event) => {
  if (event.target.files[0]) showChosen(event.target.files[0]);
});
const stored = stage.querySelector("[data-shot]");
if (stored) begin(stored);
