// Hook: .panzoom with [data-panzoom] around a picture: one that diagrams.js draws, or an SVG of the
// portal. Buttons, the keys + - 0, the wheel with Ctrl, two fingers, and dragging. A click on a
// thing goes where its row in the table leads. [data-panzoom-hint] says that there is more,
// [data-panzoom-small] that it is too small: a phone shows the whole first, however small.
// The library pans, zooms and pinches; one finger scrolls, the page too.
const STEP = 1.25;
const OPTIONS = {
  minScale: 0.2, maxScale: 5, step: Math.log(STEP), cursor: "", overflow: "", touchAction: "pan-x pan-y",
};
const READABLE = 0.5; // what would be smaller is not fitted, but shown in part
const IN_PART = 0.8;
const phone = matchMedia("(width < 48rem)");

function setUp(frame) {
  const around = frame.closest(".panzoom");
  const bar = around.querySelector(".panzoom-bar");
  const hint = around.querySelector("[data-panzoom-hint]");
  const small = around.querySelector("[data-panzoom-small]");
  let begun = [0, 0];
  let picture, panzoom; // since the picture has loaded

  bar.hidden = false;
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Diagram: plus and minus change its size, arrow keys move it");
  frame.classList.add("is-fit");

  const isFit = () => frame.classList.contains("is-fit");

  function watch(loaded) {
    if (loaded !== picture) {
      panzoom?.destroy();
      picture = loaded;
      panzoom = Panzoom(picture, { ...OPTIONS, setTransform: (_, at) => isFit() || show(at) });
    }
    setTimeout(makeReadable); // Panzoom puts a new picture in its place a moment later
  }

  // As a size and a place of scrolling, so that bars, keys, and a finger move it, too
  function show({ scale, x, y }) {
    picture.style.width = `${natural(picture) * scale}px`;
    picture.style.height = "auto";
    const [left, top] = sizes(picture).map((size) => (size * (scale - 1)) / 2);
    frame.scrollTo(left - scale * x, top - scale * y);
    tellOfMore();
  }

  // Panzoom knows only what it did itself
  function tellPanzoom() {
    if (isFit()) panzoom.zoom(picture.getBoundingClientRect().width / natural(picture), { force: true });
    const scale = panzoom.getScale();
    const [left, top] = sizes(picture).map((size) => (size * (scale - 1)) / 2);
    panzoom.pan((left - frame.scrollLeft) / scale, (top - frame.scrollTop) / scale, { force: true });
  }

  function change(how) {
    if (!panzoom) return;
    tellPanzoom();
    frame.classList.remove("is-fit");
    how();
    show({ scale: panzoom.getScale(), ...panzoom.getPan() }); // now: Panzoom waits for the next frame
  }

  function zoom(to) {
    const { left, top, width, height } = frame.getBoundingClientRect();
    const middle = { clientX: left + width / 2, clientY: top + height / 2 };
    change(() => panzoom.zoomToPoint(to(panzoom.getScale()), middle));
  }

  function fit() {
    frame.classList.add("is-fit");
    picture?.style.removeProperty("width");
    tellOfMore();
  }

  function tellOfMore() {
    const across = frame.scrollWidth > frame.clientWidth;
    hint.hidden = !across && frame.scrollHeight <= frame.clientHeight;
    small.hidden = !hint.hidden || !picture || isReadable();
  }

  const isReadable = () => picture.clientWidth >= natural(picture) * READABLE;

  // Whole; where that is too small to be read as wide as the frame; or else in part
  function makeReadable() {
    if (!isFit() || phone.matches || isReadable()) return tellOfMore();
    const widest = Math.min(1, room(frame) / natural(picture));
    zoom(() => (widest >= READABLE ? widest : IN_PART));
    frame.scrollTo(0, widest >= READABLE ? 0 : (frame.scrollHeight - frame.clientHeight) / 2);
    tellPanzoom();
  }

  const verbs = { in: () => zoom((s) => s * STEP), out: () => zoom((s) => s / STEP), reset: fit };
  const keys = { "+": "in", "=": "in", "-": "out", 0: "reset" };

  frame.addEventListener("load", ({ target }) => {
    if (target.tagName === "IMG") watch(target);
  }, true);
  const early = frame.querySelector("img"); // loaded before this script was
  if (early?.complete && early.naturalWidth) watch(early);
  bar.addEventListener("click", (event) => {
    verbs[event.target.closest("[data-zoom]")?.dataset.zoom]?.();
  });
  frame.addEventListener("keydown", (event) => {
    if (!(event.key in keys) || event.ctrlKey || event.metaKey) return;
    verbs[keys[event.key]]();
    event.preventDefault();
  });
  frame.addEventListener("wheel", (event) => {
    if (event.ctrlKey) change(() => panzoom.zoomWithWheel(event));
  }, { passive: false });
  frame.addEventListener("pointerdown", (event) => { // before Panzoom's
    begun = [event.clientX, event.clientY];
    if (!panzoom) return;
    tellPanzoom();
    if (!event.isPrimary) frame.classList.remove("is-fit"); // two fingers
  }, true);
  addEventListener("resize", tellOfMore);
  frame.addEventListener("click", (event) => {
    const moved = Math.hypot(event.clientX - begun[0], event.clientY - begun[1]) > 4;
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

function sizes(picture) {
  const height = Number(picture.getAttribute("height")) || picture.naturalHeight;
  return [natural(picture), height];
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
