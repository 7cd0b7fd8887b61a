// Hook: [data-theme-toggle]. The server reads the cookie, so that no page flashes.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const YEAR = 365 * 24 * 3600;

function current() {
  const scheme = getComputedStyle(root).colorScheme; // "light dark" where nobody chose
  return scheme.includes(" ") || scheme === "normal" ? (system.matches ? "dark" : "light") : scheme;
}

function choose(theme) {
  root.dataset.bsTheme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  document.dispatchEvent(new CustomEvent("portal:theme", { detail: theme }));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) choose(current() === "dark" ? "light" : "dark");
});
