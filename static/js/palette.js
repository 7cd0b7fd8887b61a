// Hooks: [data-palette] is a link to the search that opens the palette instead, as Ctrl+K and ⌘K do;
// [data-shortcuts] shows the keys, as "?" does. Both are fetched when they are wanted first.
// [data-recent] marks a page as one to come back to. What was opened lately stays in this browser,
// for each person apart, until they sign out ([data-forget-recents]) or clear it
// ([data-clear-recents], told in [data-recents-cleared]): reading writes nothing.
const TYPING = "input, textarea, select, [contenteditable]";
const link = document.querySelector("[data-palette]");
const PREFIX = "recents:";
const MOST = 12;
const PAUSE = 120; // ms without a key, after which the list is fetched
let loading = null;
let asked = null;
let timer = null;

function loaded() {
  loading ??= fetch(link.dataset.palette)
    .then((answer) => {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); // signed out
      return answer.text();
    })
    .then((text) => {
      const parts = document.createRange().createContextualFragment(text);
      for (const dialog of parts.querySelectorAll("dialog")) prepare(dialog);
      document.body.append(parts);
    })
    .catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
}

async function open(selector) {
  if (!link || document.querySelector("dialog:modal")) return;
  try {
    await loaded();
  } catch {
    if (selector.includes("palette")) location.assign(link.href);
    return;
  }
  const dialog = document.querySelector(selector);
  if (document.querySelector("dialog:modal")) return;
  dialog.showModal();
  const words = dialog.querySelector("[role=combobox]");
  if (words) {
    words.value = "";
    await list(dialog);
    words.focus();
  }
}

function prepare(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  const words = dialog.querySelector("[role=combobox]");
  if (!words) return;
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => list(dialog), PAUSE);
  });
  words.addEventListener("keydown", (event) => move(dialog, event));
}

// The list for what is typed; an answer that was overtaken is dropped.
async function list(dialog) {
  const box = dialog.querySelector("[role=listbox]");
  const words = typed(dialog);
  clearTimeout(timer);
  asked?.abort();
  asked = new AbortController();
  const address = `${box.dataset.address}?${new URLSearchParams({ q: words })}`;
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    box.innerHTML = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    box.textContent = "The list could not be fetched. Press Enter to search.";
  }
  box.prepend(...own(dialog, words));
  box.scrollTop = 0;
  dialog.dataset.listed = words;
  choose(dialog, options(dialog)[0]);
  const count = options(dialog).length;
  dialog.querySelector("[data-count]").textContent = count === 1 ? "1 entry" : `${count} entries`;
}

function typed(dialog) {
  return dialog.querySelector("[role=combobox]").value.trim();
}

// What only this page and this browser know: its buttons, and what was opened lately.
function own(dialog, words) {
  const here = [...document.querySelectorAll(".doc-actions a.btn, .page-head a.btn")];
  const verbs = here.map((each) => ({ title: each.textContent.trim(), address: each.href, icon: icon(each) }));
  const lately = recent(dialog.dataset.person).filter((each) => each.address !== location.pathname);
  return [
    ...group("On this page", "here", verbs.filter((each) => has(each.title, words))),
    ...group("Recent", "recent", lately.filter((each) => has(each.title, words)).slice(0, 6)),
  ];
}

function icon(element) {
  return element.querySelector("use")?.getAttribute("href") ?? "";
}

function has(title, words) {
  const inside = ` ${title.toLowerCase()}`;
  return words.toLowerCase().split(/\s+/).every((word) => inside.includes(` ${word}`));
}

function group(title, name, entries) {
  if (!entries.length) return [];
  const part = document.createElement("div");
  part.setAttribute("role", "group");
  part.setAttribute("aria-label", title);
  const head = document.createElement("div");
  head.className = "palette-head";
  head.setAttribute("aria-hidden", "true");
  head.textContent = title;
  part.append(head, ...entries.map((entry, place) => line(entry, `palette-${name}-${place}`)));
  return [part];
}

function line(entry, id) {
  const option = document.createElement("a");
  Object.assign(option, { className: "palette-line", id, href: entry.address, tabIndex: -1 });
  option.setAttribute("role", "option");
  const title = document.createElement("span");
  title.textContent = entry.title;
  option.append(drawn(entry.icon), title);
  if (entry.about) {
    const about = document.createElement("span");
    about.className = "palette-about";
    about.textContent = entry.about;
    option.append(about);
  }
  return option;
}

function drawn(address) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", address);
  svg.append(use);
  return svg;
}

function options(dialog) {
  return [...dialog.querySelectorAll("[role=option]")];
}

function choose(dialog, option) {
  const words = dialog.querySelector("[role=combobox]");
  for (const each of options(dialog)) each.setAttribute("aria-selected", String(each === option));
  if (option) words.setAttribute("aria-activedescendant", option.id);
  else words.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function move(dialog, event) {
  const all = options(dialog);
  const place = all.indexOf(chosen(dialog));
  const to = { ArrowDown: place + 1, ArrowUp: place - 1 }[event.key];
  if (to !== undefined && all.length) {
    event.preventDefault();
    choose(dialog, all[(to + all.length) % all.length]);
  }
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    enter(dialog);
  }
}

// Open what is chosen, of the list for the words as they are now; without one, the search.
async function enter(dialog) {
  const words = typed(dialog);
  if (dialog.dataset.listed !== words) await list(dialog);
  if (!dialog.open || typed(dialog) !== words) return; // closed, or typed on
  const option = chosen(dialog);
  if (!option) return dialog.querySelector("form").requestSubmit();
  dialog.close();
  option.click();
}

function chosen(dialog) {
  return dialog.querySelector("[role=option][aria-selected=true]");
}

function recent(person) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + person)) ?? [];
    return kept.filter((each) => typeof each.title === "string" && each.address?.startsWith("/"));
  } catch {
    return []; // storage is off, or holds something else
  }
}

function note(person, page) {
  const others = recent(person).filter((each) => each.address !== page.address);
  try {
    localStorage.setItem(PREFIX + person, JSON.stringify([page, ...others].slice(0, MOST)));
  } catch {
    // without storage there is no list
  }
}

function forget() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    for (const name of names) localStorage.removeItem(name);
  } catch {
    // nothing was kept
  }
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open("[data-palette-dialog]");
  } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !event.target.closest(TYPING)) {
    event.preventDefault();
    open("[data-shortcuts-dialog]");
  }
});

document.addEventListener("click", (event) => {
  const palette = event.target.closest("[data-palette]");
  if (palette && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open("[data-palette-dialog]");
  }
  if (event.target.closest("[data-shortcuts]")) open("[data-shortcuts-dialog]");
  if (event.target.closest("[data-clear-recents]")) {
    forget();
    document.querySelector("[data-recents-cleared]").textContent = "Cleared. This browser remembers no pages.";
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget-recents]")) return;
  forget();
  try {
    sessionStorage.clear(); // what was typed and not sent
  } catch {
    // nothing was kept
  }
});

for (const button of document.querySelectorAll("[data-shortcuts], [data-clear-recents]")) button.hidden = false;
for (const mark of document.querySelectorAll("[data-recent]")) {
  const { person, title, recent: about } = mark.dataset;
  note(person, { title, about, address: location.pathname, icon: mark.dataset.drawing });
}
