// Swagger UI is dark where <html> has its class. Hook: <meta name="color-scheme">, in which the
// server wrote the chosen theme, or "light dark": then the reader's system decides.
const root = document.documentElement;
const chosen = document.querySelector('meta[name="color-scheme"]').content;
const system = matchMedia("(prefers-color-scheme: dark)");

function follow() {
  root.classList.toggle("dark-mode", chosen === "dark" || (chosen !== "light" && system.matches));
}

follow();
system.addEventListener("change", follow);
