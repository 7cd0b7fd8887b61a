// Hook: figure[data-mermaid] > pre > code. Draws the text and shows it as a picture, because
// an SVG in an <img> runs no script and loads nothing. The text stays, one click away.
// New content announces itself with htmx:afterSwap or portal:content.
const LONGEST = 20_000;
const ground = document.createElement("div");
ground.className = "diagram-ground";
ground.setAttribute("aria-hidden", "true");

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
let count = 0;
let queue = Promise.resolve();

function isDark() {
  return (root.dataset.bsTheme || (system.matches ? "dark" : "light")) === "dark";
}

// Mermaid reads #rrggbb, our tokens speak oklch and light-dark
function colour(token) {
  ground.style.color = `var(${token})`;
  pixel.fillStyle = getComputedStyle(ground).color;
  pixel.fillRect(0, 0, 1, 1);
  const channels = [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function settings() {
  return {
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false, padding: 12, nodeSpacing: 60, rankSpacing: 60 },
    class: { htmlLabels: false },
    maxTextSize: LONGEST,
    secure: ["secure", "securityLevel", "startOnLoad", "suppressErrorRendering", "maxTextSize",
      "maxEdges", "htmlLabels", "dompurifyConfig", "themeCSS", "themeVariables", "fontFamily"],
    theme: "base",
    themeVariables: {
      darkMode: isDark(),
      fontFamily: "system-ui, sans-serif",
      background: colour("--surface"),
      mainBkg: colour("--sunken"),
      primaryColor: colour("--sunken"),
      primaryTextColor: colour("--ink"),
      primaryBorderColor: colour("--line-strong"),
      secondaryColor: colour("--accent-soft"),
      tertiaryColor: colour("--canvas"),
      lineColor: colour("--ink-3"),
      textColor: colour("--ink"),
      edgeLabelBackground: colour("--surface"),
      noteBkgColor: colour("--warn-soft"),
      noteTextColor: colour("--ink"),
      noteBorderColor: colour("--warn-line"),
      errorBkgColor: colour("--bad-soft"),
      errorTextColor: colour("--bad"),
    },
  };
}

function load() {
  if (globalThis.mermaid) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector('meta[name="mermaid"]').content;
    script.onload = resolve;
    script.onerror = () => reject(new Error("The drawing program could not be loaded."));
    document.head.append(script);
  });
}

// Mermaid writes style attributes and style elements, which our policy refuses and reports.
// While it draws, attributes go through the style object, which the policy allows, and rules
// are kept as the text of a <desc>: both take effect only inside the finished picture.
async function withoutInlineStyle(work) {
  const { setAttribute } = Element.prototype;
  const { createElement } = Document.prototype;
  const { parseFromString } = DOMParser.prototype;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
  Document.prototype.createElement = function (name, options) {
    return name === "style" ? rules() : createElement.call(this, name, options);
  };
  DOMParser.prototype.parseFromString = function (text, type) {
    return parseFromString.call(this, String(text).replaceAll(' style="', ' data-style="'), type);
  };
  try {
    return await work();
  } finally {
    Element.prototype.setAttribute = setAttribute;
    Document.prototype.createElement = createElement;
    DOMParser.prototype.parseFromString = parseFromString;
  }
}

function rules() {
  const text = document.createElementNS("http://www.w3.org/2000/svg", "desc");
  text.dataset.rules = "";
  return Object.defineProperty(text, "innerHTML", { set(value) { this.textContent = value; } });
}

async function svgOf(text) {
  mermaid.initialize(settings());
  const id = `diagram-${++count}`;
  const drawn = await withoutInlineStyle(() => mermaid.render(id, text, ground));
  return finished(drawn.svg);
}

// an image needs a size of its own
function finished(svg) {
  const [, , width, height] = svg.match(/viewBox="([^"]+)"/)[1].split(/[\s,]+/).map(Number);
  const text = svg
    .replaceAll(' data-style="', ' style="')
    .replace(/<desc data-rules="">([^<]*)<\/desc>/g, "<style>$1</style>")
    .replaceAll(/(\.edgeLabel rect\{)opacity:0\.5/g, "$1opacity:1") // a line does not strike words out
    .replace(/<svg([^>]*?) width="[^"]*"/, "<svg$1")
    .replace("<svg", `<svg width="${width}" height="${height}"`);
  return { text, width: Math.ceil(width), height: Math.ceil(height) };
}

async function draw(figure) {
  const source = figure.querySelector("pre");
  try {
    const text = source.textContent;
    if (text.length > LONGEST) throw new Error("It is too long to be drawn.");
    show(figure, source, await svgOf(text));
  } catch (error) {
    refuse(figure, error);
  }
}

function show(figure, source, svg) {
  const picture = figure.querySelector("img") ?? new Image();
  picture.alt = titleOf(svg.text) || "Diagram, drawn from the text below it";
  picture.width = svg.width;
  picture.height = svg.height;
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.text)}`;
  figure.classList.toggle("is-dark", isDark());
  if (figure.contains(picture)) return;
  (figure.querySelector("[data-panzoom]") ?? figure).replaceChildren(picture);
  figure.append(folded(source));
}

// the accTitle of the source
function titleOf(svg) {
  const escaped = svg.match(/<title[^>]*>([^<]+)</)?.[1] ?? "";
  return new DOMParser().parseFromString(escaped, "text/html").body.textContent;
}

function folded(source) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Text of the diagram";
  details.className = "no-print";
  details.append(summary, source);
  return details;
}

function refuse(figure, error) {
  const reason = figure.querySelector("figcaption") ?? document.createElement("figcaption");
  reason.textContent = `This diagram cannot be drawn. ${error.message.split("\n")[0]}`;
  figure.append(reason);
}

async function drawAll(figures) {
  if (!figures.length) return;
  document.body.append(ground);
  try {
    await load();
    for (const figure of figures) await draw(figure);
  } catch (error) {
    figures.forEach((figure) => refuse(figure, error));
  }
  ground.remove();
}

function request(which = "[data-mermaid]") {
  queue = queue.then(() => drawAll([...document.querySelectorAll(which)]));
}

request();
document.addEventListener("portal:theme", () => request());
system.addEventListener("change", () => root.dataset.bsTheme || request());
for (const name of ["htmx:afterSwap", "portal:content"]) {
  document.addEventListener(name, () => request("[data-mermaid]:not(:has(img))"));
}
