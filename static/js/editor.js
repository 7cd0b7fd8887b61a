// Hook: form[data-editor] with data-autosave and data-upload: keeps what is typed, takes pictures
// by drop and paste. The preview is htmx alone, and everything works without this file.
const KEEP_AFTER = 3000;

function editor(form) {
  const text = form.elements.text;
  const said = form.querySelector("[data-saved]");
  const dialog = document.querySelector("[data-image-dialog]");
  let kept = snapshot();
  let timer = 0;
  let visited = false;

  function snapshot() {
    return [text.value, form.elements.title?.value, form.elements.note?.value].join("\u0000");
  }

  async function keep() {
    const now = snapshot();
    if (now === kept) return;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form) });
      const { shown, detail } = await answer.json();
      if (answer.ok) kept = now;
      said.textContent = answer.ok ? `Saved at ${shown}` : detail;
    } catch {
      said.textContent = "Not saved: the portal does not answer. Your text stays here.";
    }
  }

  function keepBeforeLeaving() {
    if (document.visibilityState !== "hidden" || snapshot() === kept) return;
    navigator.sendBeacon(form.dataset.autosave, new FormData(form));
    kept = snapshot();
  }

  // where the author last was; the end of the text if they never were in it
  function place() {
    return visited ? [text.selectionStart, text.selectionEnd] : [text.value.length, text.value.length];
  }

  // the browser's own typing keeps its undo; where it cannot, the text is set
  function insert(markdown, [start, end]) {
    const ownLine = start === 0 || text.value[start - 1] === "\n";
    const line = ownLine ? markdown : `\n\n${markdown}`;
    if (!isWritingElsewhere()) {
      text.focus();
      text.setSelectionRange(start, end);
      if (document.execCommand("insertText", false, line)) return;
    }
    text.setRangeText(line, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // whoever went on in another field while the picture was stored stays there
  function isWritingElsewhere() {
    return document.activeElement !== text && document.activeElement?.matches("input, textarea, select");
  }

  function askWhatItShows() {
    const alt = dialog.querySelector("input");
    alt.value = "";
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener(
        "close",
        () => resolve(dialog.returnValue === "insert" ? alt.value.trim() : ""),
        { once: true },
      );
    });
  }

  async function take(file) {
    const where = place();
    const before = text.value;
    const alt = await askWhatItShows();
    if (!alt) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("runbook", form.elements.runbook?.value ?? "");
    body.set("alt", alt);
    body.set("image", file);
    said.textContent = "Storing the picture …";
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.upload, { method: "POST", body, headers });
      const { markdown, detail } = await answer.json();
      if (answer.ok) insert(markdown, text.value === before ? where : place());
      said.textContent = answer.ok ? "The picture is stored." : detail;
    } catch {
      said.textContent = "The picture was not stored: the portal does not answer.";
    }
  }

  function pictureIn(data) {
    return [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"));
  }

  function takeFrom(event, data) {
    const file = pictureIn(data);
    if (!file) return;
    event.preventDefault();
    take(file);
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    kept = snapshot();
  });
  document.addEventListener("visibilitychange", keepBeforeLeaving);
  text.addEventListener("focus", () => (visited = true));
  text.addEventListener("portal:picture", (event) => take(event.detail));
  text.addEventListener("paste", (event) => takeFrom(event, event.clipboardData));
  text.addEventListener("drop", (event) => takeFrom(event, event.dataTransfer));
  text.addEventListener("dragover", (event) => {
    text.classList.add("is-target");
    event.preventDefault();
  });
  for (const name of ["dragleave", "drop"]) {
    text.addEventListener(name, () => text.classList.remove("is-target"));
  }
  form.querySelector("[data-image-hint]").hidden = false;
}

document.querySelectorAll("form[data-editor]").forEach(editor);
