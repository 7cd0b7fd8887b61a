// Hooks: ol[data-order] (address of the verb) with data-revision and li[data-key]: dragged by its
// [data-grip], or moved by its form[data-move]; [data-moved] says the new place, [data-stale-order]
// shows a conflict. [data-look] and [data-phone] switch the preview of js/admin-editor.js.
// [data-picture]: a place to drop or paste the file of its input; "portal:picture" tells of it.

// Order of steps

const list = document.querySelector("ol[data-order]");
const said = document.querySelector("[data-moved]");
const items = () => [...list.querySelectorAll("li[data-key]")];
const placeOf = (item) => items().indexOf(item) + 1;

function number() {
  items().forEach((item, index, all) => {
    item.querySelector("[data-place]").textContent = index + 1;
    item.querySelector("[name=up]").disabled = index === 0;
    item.querySelector("[name=down]").disabled = index === all.length - 1;
  });
}

function takeRevision(revision) {
  list.dataset.revision = revision;
  document.querySelectorAll(".guide-steps [name=based_on]").forEach((field) => (field.value = revision));
}

function showConflict(answer) {
  const shown = new DOMParser().parseFromString(answer.html, "text/html");
  document.querySelector("[data-stale-order]").replaceChildren(...shown.body.childNodes);
  said.textContent = answer.detail;
}

async function send() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", list.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("based_on", list.dataset.revision);
  items().forEach((item) => body.append("key", item.dataset.key));
  const answer = await fetch(list.dataset.order, { method: "POST", body, redirect: "error", headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (answer.ok) return takeRevision(told.revision);
  if (told.html) return showConflict(told);
  throw new Error(told.detail);
}

let sending = Promise.resolve();

function keep(item) {
  number();
  const title = item.querySelector("[data-title]").textContent;
  said.textContent = `“${title}” is now step ${placeOf(item)} of ${items().length}.`;
  sending = sending.then(send).catch((error) => {
    said.textContent = `The order is not saved: ${error.message || "the server does not answer"}. Reload the page.`;
  });
}

function move(item, by) {
  const other = items()[placeOf(item) - 1 + by];
  if (!other) return;
  if (by < 0) other.before(item);
  else other.after(item);
  keep(item);
}

function drag(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  const item = grip.closest("li");
  const before = placeOf(item);
  list.setPointerCapture(event.pointerId); // the list stays where it is, the item does not
  item.classList.add("dragged");

  function over(moved) {
    for (const other of items()) {
      const box = other.getBoundingClientRect();
      if (other === item || moved.clientY < box.top || moved.clientY > box.bottom) continue;
      if (moved.clientY > box.top + box.height / 2) other.after(item);
      else other.before(item);
    }
  }

  function end() {
    list.removeEventListener("pointermove", over);
    item.classList.remove("dragged");
    if (placeOf(item) !== before) keep(item);
  }

  list.addEventListener("pointermove", over);
  list.addEventListener("lostpointercapture", end, { once: true });
}

if (list) {
  list.querySelectorAll("[data-grip]").forEach((grip) => (grip.hidden = false));
  list.addEventListener("pointerdown", drag);
  list.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-move]")) return;
    event.preventDefault();
    move(event.target.closest("li"), event.submitter.name === "up" ? -1 : 1);
    const way = event.submitter.disabled ? ":enabled" : `[name=${event.submitter.name}]`;
    event.target.querySelector(`button${way}`)?.focus();
  });
}

// Looks of the preview

function look(button) {
  const paper = document.querySelector(".markdownx-preview")?.shadowRoot?.querySelector(".paper");
  if (!paper) return;
  if (button.dataset.phone !== undefined) {
    const phone = paper.classList.toggle("phone");
    button.setAttribute("aria-pressed", phone);
    return;
  }
  paper.dataset.bsTheme = button.dataset.look;
  document.querySelectorAll("[data-look]").forEach((each) => each.setAttribute("aria-pressed", each === button));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-look], [data-phone]");
  if (button) look(button);
});

// The search box that select2 makes has no name of its own

function nameSearch(row) {
  const label = row.querySelector("label").textContent.replace(":", "").trim();
  for (const field of row.querySelectorAll(".select2-search__field:not([aria-label])")) field.setAttribute("aria-label", label);
}

for (const select of document.querySelectorAll(".admin-autocomplete")) {
  const row = select.closest(".form-row");
  new MutationObserver(() => nameSearch(row)).observe(row, { childList: true, subtree: true });
  nameSearch(row);
}

// The picture of a step: dropped anywhere on its place, pasted anywhere on the page

const place = document.querySelector("[data-picture]");

function choose(files) {
  const file = [...(files ?? [])].find((each) => each.type.startsWith("image/"));
  if (!file) return false;
  const input = place.querySelector("[type=file]");
  const carried = new DataTransfer();
  carried.items.add(file);
  input.files = carried.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

if (place) {
  place.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    place.classList.remove("over");
    if (event.dataTransfer.files.length) event.preventDefault();
    choose(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (choose(event.clipboardData?.files)) event.preventDefault();
  });
}

// What is saved is sent once

document.querySelectorAll("form[data-step], form.publish").forEach((form) => {
  const buttons = form.querySelectorAll(".submit-row [type=submit]");
  form.addEventListener("submit", () => setTimeout(() => buttons.forEach((button) => (button.disabled = true))));
  addEventListener("pageshow", () => buttons.forEach((button) => (button.disabled = false)));
});
