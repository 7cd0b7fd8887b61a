// Hook: [data-theme-toggle]. The server reads the cookie, so that no page flashes;
// the admin reads the same word from local storage.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const YEAR = 365 * 24 * 3600;

function current() {
  return root.dataset.bsTheme || (system.matches ? "dark" : "light");
}

function choose(theme) {
  root.dataset.bsTheme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  localStorage.setItem("theme", theme);
  document.dispatchEvent(new CustomEvent("portal:theme", { detail: theme }));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) choose(current() === "dark" ? "light" : "dark");
});
