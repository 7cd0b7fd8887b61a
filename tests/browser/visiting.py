"""One person's browser, and everything it complains about."""

import time

from . import axe

PATIENCE = 20  # seconds: a slow machine is no fault
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
IDLE = "new Promise((done) => requestIdleCallback(done, {timeout: 1000}))"
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
        self.said, self.dialogs, self.asked, self.awaited = [], [], [], set()
        context.add_init_script(WATCH)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.said.append(str(error.error)))
        context.on("request", self._ask)
        context.on("requestfinished", self._get)
        context.on("requestfailed", self._get)
        self.page, self.scheme = self.new_page(), None

    def new_page(self):
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("dialog", self._meet)
        return page

    def _ask(self, request):
        self.asked.append(request.url)
        self.awaited.add(request)

    def _get(self, request):
        self.awaited.discard(request)

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

    def settle(self):
        """Wait until scripts have had their turn and got what they asked for; the page."""
        end = time.monotonic() + PATIENCE
        for _ in range(2):  # what came may have led them to ask for more
            self.page.evaluate(IDLE)
            while self.awaited:
                assert time.monotonic() < end, f"No answer: {[each.url for each in self.awaited]}"
                self.page.wait_for_timeout(10)
        return self.page

    def complaints(self) -> list[str]:
        """What the browser reported since the last time, on the page and in its console."""
        said, self.said = self.said + self.page.evaluate("window.refused"), []
        return said

    def barriers(self, rules: dict = axe.ALL, **options) -> list[str]:
        """What axe finds on the page as it is now."""
        return axe.barriers(self.page, rules, **options)

    def width(self, pixels: int) -> None:
        if self.page.viewport_size != (size := {"width": pixels, "height": 900}):
            self.page.set_viewport_size(size)

    def colours(self, scheme: str) -> None:
        """Light or dark."""
        if self.scheme != scheme:
            self.page.emulate_media(color_scheme=scheme)
            self.scheme = scheme

    def sideways(self) -> list[str]:
        """What makes the page scroll to the side."""
        return self.page.evaluate(SIDEWAYS)
