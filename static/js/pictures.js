// Hook: figure[data-picture] > img, an SVG of the portal: drawn in the colours of the page.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function colour() {
  const theme = root.dataset.bsTheme || (system.matches ? "dark" : "light");
  for (const figure of document.querySelectorAll("figure[data-picture]")) {
    const picture = figure.querySelector("img");
    const address = new URL(picture.src);
    address.searchParams.set("theme", theme);
    if (picture.src !== address.href) picture.src = address.href;
    figure.classList.toggle("is-dark", theme === "dark");
  }
}

colour();
document.addEventListener("portal:theme", colour);
system.addEventListener("change", colour);
