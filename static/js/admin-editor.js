// The editor of the admin. Hooks: .markdownx (the widget of django-markdownx) with the data
// attributes of its text area, and the parts in <template data-editor-parts>. With
// data-whole-form the preview is of all fields of the form; it follows "input" and "change".
const KEEP_EVERY = 3000;
const THUMBNAIL_AT_MOST = 5_000_000;
const parts = document.querySelector("template[data-editor-parts]")?.content;

function part(name) {
  return parts.querySelector(`[data-part="${name}"]`).cloneNode(true);
}

function send(area, address, fields, signal) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(address, { method: "POST", body, signal, redirect: "error", headers: { Accept: "application/json, text/html" } });
}

function value(form, name) {
  return form.elements[name]?.value ?? "";
}

// Typing through the browser keeps its undo; setRangeText does where it cannot.
function type(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function replaceAll(area, text) {
  area.focus();
  area.select();
  type(area, text);
  area.setSelectionRange(0, 0);
  area.scrollTop = 0;
}

// Preview: the page's own sheets, in a shadow so that the admin's do not reach it.

function preview(box, area) {
  const pane = box.querySelector(".markdownx-preview");
  const paper = document.createElement("div");
  paper.className = "paper";
  paper.dataset.bsTheme = "";
  pane.attachShadow({ mode: "open" }).append(...part("sheets").childNodes, paper);
  pane.tabIndex = 0;
  pane.setAttribute("role", "region");
  pane.setAttribute("aria-label", "Preview");
  const beside = document.createElement("div");
  beside.className = "editor-beside";
  box.append(beside);
  let running;
  let waiting;

  function show(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const article = answer.querySelector("[data-paper]");
    if (article) paper.replaceChildren(article);
    beside.replaceChildren(...answer.querySelector("[data-beside]").childNodes);
  }

  const whole = area.dataset.wholeForm !== undefined;

  function typed() {
    if (whole) return Object.fromEntries([...new FormData(area.form)].filter(([, each]) => typeof each === "string"));
    const kind = area.dataset.keep === undefined ? "" : value(area.form, "kind");
    return { content: area.value, runbook: area.dataset.runbook ?? "", kind };
  }

  async function refresh() {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await send(area, area.dataset.markdownxUrlsPath, typed(), running.signal);
      show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") beside.textContent = "No preview: the server does not answer, or you are signed out. Your text stays here.";
    }
  }

  const follow = () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, Number(area.dataset.markdownxLatency));
  };
  (whole ? area.form : area).addEventListener("input", follow);
  if (whole) area.form.addEventListener("change", follow);
  area.form.elements.kind?.addEventListener("change", refresh);
  refresh();
}

// Images: dropped, pasted or chosen; each is described before it is sent.

function images(area) {
  const dialog = part("dialog");
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  const refused = dialog.querySelector("[role=alert]");
  const picture = dialog.querySelector("img");
  const queue = [];
  let written = "";
  let place = [0, 0];

  function refuse(text) {
    refused.textContent = text;
    refused.hidden = !text;
  }

  function look(file) {
    picture.hidden = true;
    if (!file.type.startsWith("image/") || file.size > THUMBNAIL_AT_MOST) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      picture.src = reader.result;
      picture.hidden = false;
    });
    reader.readAsDataURL(file);
  }

  function next() {
    if (dialog.open || !queue.length) return;
    form.reset();
    refuse("");
    look(queue[0]);
    dialog.showModal();
  }

  async function upload() {
    const fields = { image: queue[0], alt: form.elements.alt.value, runbook: area.dataset.runbook ?? "" };
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const answer = await send(area, area.dataset.markdownxUploadUrlsPath, fields);
      const told = await answer.json();
      if (!answer.ok) return refuse(told.detail);
      written = told.markdown;
      dialog.close();
    } catch {
      refuse("The image could not be sent: the server does not answer, or refuses it.");
    } finally {
      button.disabled = false;
    }
  }

  function take(event, files) {
    if (!files?.length) return;
    event.preventDefault();
    place = [area.selectionStart, area.selectionEnd];
    queue.push(...files);
    next();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    upload();
  });
  dialog.querySelector("[data-leave-out]").addEventListener("click", () => dialog.close());
  // while the dialog is open nobody can type into the text, so that nothing could be undone
  dialog.addEventListener("close", () => {
    if (written) {
      area.focus();
      area.setSelectionRange(...place);
      type(area, written);
      place = [area.selectionEnd, area.selectionEnd];
    }
    written = "";
    queue.shift();
    next();
  });
  area.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
  area.addEventListener("drop", (event) => take(event, event.dataTransfer?.files));
  area.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  area.addEventListener("portal:picture", (event) => take(event, [event.detail]));
}

// Drafts: what is typed is kept every few seconds, and when the page is left.

function drafts(area, tools) {
  const status = tools.querySelector("[data-kept]");
  const typed = () => ({
    runbook: area.dataset.runbook,
    title: value(area.form, "title"),
    text: area.value,
    note: value(area.form, "note"),
    based_on: value(area.form, "based_on"),
  });
  let kept = JSON.stringify(typed());
  let saving = false;

  async function keep() {
    const now = JSON.stringify(typed());
    if (saving || now === kept) return;
    try {
      const answer = await send(area, area.dataset.keep, typed());
      const told = await answer.json();
      kept = now;
      status.textContent = `Saved at ${told.shown}`;
    } catch {
      status.textContent = "Not saved: the server does not answer, or you are signed out";
    }
  }

  setInterval(keep, KEEP_EVERY);
  addEventListener("pagehide", () => {
    if (saving || JSON.stringify(typed()) === kept) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
    for (const [name, text] of Object.entries(typed())) body.set(name, text);
    navigator.sendBeacon(area.dataset.keep, body);
  });
  area.form.addEventListener("submit", () => {
    saving = true;
  });
  addEventListener("pageshow", () => {
    saving = false;
  });
}

// A new runbook starts from the template of its kind, until its author typed something else.

function templates(area, tools) {
  const found = document.getElementById("kind-templates");
  if (!found) return;
  const texts = JSON.parse(found.textContent);
  const kind = area.form.elements.kind;
  const offer = document.createElement("button");
  offer.type = "button";
  offer.className = "button";
  offer.hidden = true;
  offer.textContent = "Use the template of this kind instead";
  tools.prepend(offer);

  const untouched = () => !area.value.trim() || Object.values(texts).includes(area.value);
  function start() {
    const text = texts[kind.value] ?? "";
    offer.hidden = untouched() || !text;
    if (text && untouched() && area.value !== text) {
      area.value = text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  kind.addEventListener("change", start);
  offer.addEventListener("click", () => {
    replaceAll(area, texts[kind.value]);
    offer.hidden = true;
  });
  start();
}

function sendOnce(form) {
  form.addEventListener("submit", () => {
    const buttons = form.querySelectorAll(".submit-row [type=submit]");
    setTimeout(() => buttons.forEach((button) => (button.disabled = true)));
    addEventListener("pageshow", () => buttons.forEach((button) => (button.disabled = false)));
  });
}

function start(box) {
  const area = box.querySelector(".markdownx-editor");
  // The empty form of an inline is only copied; what is copied starts when it is added.
  if (!parts || !area || box.dataset.started || box.closest(".empty-form")) return;
  box.dataset.started = "";
  const tools = part("tools");
  box.before(tools);
  tools.querySelector("[data-markdown-tools]").setAttribute("aria-controls", area.id);
  tools.dispatchEvent(new CustomEvent("portal:content", { bubbles: true }));
  preview(box, area);
  if (area.dataset.markdownxUploadUrlsPath) images(area);
  if (area.dataset.keep === undefined) return;
  templates(area, tools);
  drafts(area, tools);
  sendOnce(area.form);
}

document.querySelectorAll(".markdownx").forEach(start);
document.addEventListener("formset:added", (event) => event.target.querySelectorAll(".markdownx").forEach(start));
