"""One person's browser, and everything it complains about."""

import time
from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 20  # seconds: a slow machine is no fault
ALL = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SCHEMES = {"light": ALL, "dark": COLOURS}  # nothing but colours differs between them
RUN = """async (runOnly) => {
  const options = {runOnly, resultTypes: ["violations"], preload: false};
  const found = await axe.run(document, options);
  const say = (rule, node) => `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary})`;
  return found.violations.flatMap((rule) => rule.nodes.map((node) => say(rule, node)));
}"""
WATCH = """window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
SIDEWAYS = """() => {
  const {scrollWidth, clientWidth} = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const boxed = (element) => element && element !== document.body &&
    (getComputedStyle(element).overflowX !== "visible" || boxed(element.parentElement));
  const outside = [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .filter((element) => !boxed(element.parentElement))
    .map((element) => element.outerHTML.slice(0, 200));
  return [`${scrollWidth} px`, ...outside.slice(0, 3)];
}"""
DRAWN = """[...document.querySelectorAll("[data-mermaid]")]
  .every((figure) => figure.querySelector("img, figcaption"))"""


def until(page, condition: str, arg=None) -> None:
    """Wait until JavaScript finds it true. Our policy forbids the `eval` of `wait_for_function`."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, f"Not within {PATIENCE} s: {condition}"
        page.wait_for_timeout(50)


class Visit:
    """A browser context with one page in front; `said` collects errors, `asked` what it asked."""

    def __init__(self, context):
        self.context = context
        self.said, self.dialogs, self.asked = [], [], []
        context.add_init_script(WATCH)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.said.append(str(error.error)))
        context.on("request", lambda request: self.asked.append(request.url))
        self.page = self.new_page()

    def new_page(self):
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("dialog", self._meet)
        return page

    def _hear(self, message):
        if message.type == "error":
            self.said.append(f"{message.text} {message.location['url']}")

    def _meet(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, address: str, *, status: int = 200):
        """Open an address that answers this, with its diagrams drawn."""
        answer = self.page.goto(address)
        assert answer.status == status, f"{address} answers {answer.status}"
        if self.said and status >= 400:
            self.said = [word for word in self.said if f"status of {status}" not in word]
        if self.page.locator("[data-mermaid]").count():
            until(self.page, DRAWN)
        return self.page

    def complaints(self) -> list[str]:
        """What the browser reported since the last time, on the page and in its console."""
        said, self.said = self.said + self.page.evaluate("window.refused"), []
        return said

    def barriers(self, rules=ALL) -> list[str]:
        """What axe finds on the page as it is now."""
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate(AXE)
        return self.page.evaluate(RUN, rules)

    def width(self, pixels: int) -> None:
        self.page.set_viewport_size({"width": pixels, "height": 900})

    def sideways(self) -> list[str]:
        """What makes the page scroll to the side."""
        return self.page.evaluate(SIDEWAYS)
