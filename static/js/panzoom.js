// Hook: .panzoom with [data-panzoom] around a picture: one that diagrams.js draws, or an SVG of the
// portal. Buttons, the keys + - 0, the wheel with Ctrl, and dragging. A click on a thing goes where
// its row in the table leads. [data-panzoom-hint] says that there is more than is seen.
const STEP = 1.25;
const LIMITS = [0.2, 5];
const READABLE = 0.65; // what would be smaller is not fitted, but shown in part

function setUp(frame) {
  const around = frame.closest(".panzoom");
  const bar = around.querySelector(".panzoom-bar");
  const hint = around.querySelector("[data-panzoom-hint]");
  let scale = 1;
  let drag = null;
  let moved = false;

  bar.hidden = false;
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Diagram: plus and minus change its size, arrow keys move it");
  frame.classList.add("is-fit");

  function zoom(to) {
    const picture = frame.querySelector("img");
    if (!picture) return;
    if (frame.classList.contains("is-fit")) scale = picture.clientWidth / natural(picture);
    scale = Math.min(LIMITS[1], Math.max(LIMITS[0], to(scale)));
    frame.classList.remove("is-fit");
    picture.style.width = `${natural(picture) * scale}px`;
    picture.style.height = "auto";
    tellOfMore();
  }

  function fit() {
    const picture = frame.querySelector("img");
    frame.classList.add("is-fit");
    picture?.style.removeProperty("width");
    tellOfMore();
  }

  function tellOfMore() {
    const across = frame.scrollWidth > frame.clientWidth;
    hint.hidden = !across && frame.scrollHeight <= frame.clientHeight;
  }

  // Whole; where that is too small to be read as wide as the frame; or else in part
  function makeReadable(picture) {
    const isFit = frame.classList.contains("is-fit");
    if (!isFit || picture.clientWidth >= natural(picture) * READABLE) return tellOfMore();
    const widest = Math.min(1, room(frame) / natural(picture));
    if (widest >= READABLE) return zoom(() => widest);
    zoom(() => READABLE * STEP);
    frame.scrollTop = (frame.scrollHeight - frame.clientHeight) / 2;
  }

  const verbs = { in: () => zoom((s) => s * STEP), out: () => zoom((s) => s / STEP), reset: fit };
  const keys = { "+": "in", "=": "in", "-": "out", 0: "reset" };

  frame.addEventListener("load", ({ target }) => {
    if (target.tagName === "IMG") makeReadable(target);
  }, true);
  const early = frame.querySelector("img"); // loaded before this script was
  if (early?.complete && early.naturalWidth) makeReadable(early);
  bar.addEventListener("click", (event) => {
    verbs[event.target.closest("[data-zoom]")?.dataset.zoom]?.();
  });
  frame.addEventListener("keydown", (event) => {
    if (!(event.key in keys) || event.ctrlKey || event.metaKey) return;
    verbs[keys[event.key]]();
    event.preventDefault();
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    verbs[event.deltaY < 0 ? "in" : "out"]();
    event.preventDefault();
  }, { passive: false });
  frame.addEventListener("pointerdown", (event) => {
    if (event.target.tagName !== "IMG" || event.pointerType === "touch") return;
    drag = [event.clientX + frame.scrollLeft, event.clientY + frame.scrollTop];
    moved = false;
    event.preventDefault();
  });
  frame.addEventListener("pointermove", (event) => {
    if (!drag) return;
    moved ||= Math.abs(drag[0] - frame.scrollLeft - event.clientX) > 4;
    frame.scrollTo(drag[0] - event.clientX, drag[1] - event.clientY);
  });
  addEventListener("resize", tellOfMore);
  addEventListener("pointerup", () => { drag = null; });
  frame.addEventListener("click", (event) => {
    if (event.target.tagName === "IMG" && !moved) open(event);
  });
}

function room(frame) {
  const { paddingLeft, paddingRight } = getComputedStyle(frame);
  return frame.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

function natural(picture) {
  return Number(picture.getAttribute("width")) || picture.naturalWidth;
}

async function open(event) {
  const picture = event.target;
  const area = picture.getBoundingClientRect();
  const ratio = natural(picture) / area.width;
  const at = [(event.clientX - area.left) * ratio, (event.clientY - area.top) * ratio];
  const drawn = await textOf(picture);
  if (!drawn) return;
  const [left, top] = drawn.documentElement.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  const box = boxes(drawn).find((each) => each.holds([at[0] + left, at[1] + top]));
  if (box) document.querySelector(`[data-node="${box.name}"]`)?.click();
}

async function textOf(picture) {
  const [, data] = picture.src.match(/^data:image\/svg\+xml;charset=utf-8,(.*)$/s) ?? [];
  const text = data ? decodeURIComponent(data) : await (await fetch(picture.src)).text();
  const bare = text.replace(/<style>.*?<\/style>/gs, "").replaceAll(' style="', ' data-style="'); // our policy
  const drawn = new DOMParser().parseFromString(bare, "image/svg+xml");
  return drawn.documentElement.hasAttribute("viewBox") ? drawn : null;
}

// The portal writes data-name; Mermaid names its nodes flowchart-n1-0. Either has a row in the table.
function boxes(drawn) {
  return [...drawn.querySelectorAll("g.node, [data-name]")].map((node) => {
    const [x, y] = moves(node);
    const [dx, dy, width, height] = areaOf(node);
    return {
      name: node.dataset?.name ?? node.id.match(/flowchart-(n\d+)-/)?.[1],
      holds: ([px, py]) => px >= x + dx && px <= x + dx + width && py >= y + dy && py <= y + dy + height,
    };
  });
}

// Mermaid moves a cylinder by half of its size, so that its middle is where the node is.
function areaOf(node) {
  const rect = node.querySelector("rect[width]");
  if (rect) return ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
  const [dx, dy] = moveOf(node.querySelector(".label-container"));
  return [dx, dy, -2 * dx, -2 * dy];
}

function moveOf(element) {
  const [, x, y] = element?.getAttribute("transform")?.match(/translate\(\s*([-\d.]+)[\s,]+([-\d.]+)/) ?? [0, 0, 0];
  return [Number(x), Number(y)];
}

function moves(node) {
  let [x, y] = [0, 0];
  for (let at = node; at?.getAttribute; at = at.parentNode) {
    const [dx, dy] = moveOf(at);
    x += dx;
    y += dy;
  }
  return [x, y];
}

document.querySelectorAll("[data-panzoom]").forEach(setUp);
