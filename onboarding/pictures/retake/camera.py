"""The camera goes to a page and takes its picture, the same every time. It asks no database."""

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from onboarding.pictures.pages import DEFAULTS, PRESSES

from .chromium import Browser
from .difference import Box

PATIENCE = 10_000  # milliseconds for each thing that is waited for
QUIET = 3_000  # and for the network to become quiet, which may never happen
COVER = "#8c9198"
READING = ("GET", "HEAD", "OPTIONS")
READY = """async () => {
  await document.fonts.ready;
  const seen = [...document.images].filter((image) => image.loading !== "lazy");
  await Promise.all(seen.map((image) => image.decode().catch(() => {})));
}"""
CHANGING = """() => [...document.querySelectorAll("time, [data-changes]")].map((element) => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return [x, y, width, height];
})"""


class NotTaken(Exception):
    """No picture of this page; the message says why."""


@dataclass
class Shot:
    """A picture of a page, where its selectors are on it, and which of them are not."""

    content: bytes
    title: str
    boxes: dict[str, Box] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    changing: list[Box] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    blurred: list[dict] = field(default_factory=list)  # what was made unreadable in it


@dataclass
class Blocked:
    """What a page asked for in vain, and the paths of forms that were not sent."""

    addresses: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)


class Camera:
    """Takes pages of one address. `with Camera(address) as camera: camera.take(…)`.

    It only looks: without `acting` no request is sent that could change anything. With `at` its
    clock stands there, so that what a page counts on looks the same at every speed.
    """

    def __init__(self, address: str, *, sign_in: str = "", acting: bool = False, at=None):
        self.at = at
        self.sign_in = sign_in  # the path of the page that strangers are led to
        self.acting = acting
        self.address = address.rstrip("/")
        self.host = urlsplit(address).netloc
        self.opened = ExitStack()

    def __enter__(self):
        self.browser = self.opened.enter_context(Browser())
        return self

    def __exit__(self, *error):
        self.opened.close()

    def take(self, page: dict, selectors: list[str], **signed_in) -> Shot:
        """Go there and take the picture. `signed_in`: cookies, or storage_state. Raises NotTaken.

        `page` is a recipe of onboarding.pages.
        """
        return self.browser.do(self._take, {**DEFAULTS, **page}, selectors, signed_in)

    def _take(self, recipe: dict, selectors: list[str], signed_in: dict) -> Shot:
        address = urljoin(f"{self.address}/", recipe["address"])
        if urlsplit(address).netloc != self.host:
            raise NotTaken(f"Its page is not at {self.host}: {address}")
        with self._context(recipe, signed_in) as (context, blocked):
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            self._go(page, address)
            _follow(page, recipe["clicks"])
            _settle(page)
            if blocked.acts:
                raise NotTaken(f"Its clicks would change something: {blocked.acts[0]} (--act)")
            shot = _taken(page, recipe, selectors)
            shot.blocked = blocked.addresses
            return shot

    @contextmanager
    def _context(self, recipe: dict, signed_in: dict):
        blocked = Blocked()
        context = self.browser.new_context(
            self.host,
            viewport={"width": recipe["width"], "height": recipe["height"]},
            color_scheme=recipe["theme"],
            reduced_motion="reduce",
            device_scale_factor=1,
            locale="en-GB",
            timezone_id="UTC",
            service_workers="block",
            storage_state=signed_in.get("storage_state"),
        )
        context.add_cookies(signed_in.get("cookies", []))
        if self.at:
            context.clock.set_fixed_time(self.at)
        context.route("**/*", self._only_ours(blocked))
        try:
            yield context, blocked
        finally:
            context.close()

    def _only_ours(self, blocked: Blocked) -> Callable:
        def decide(route):
            asked = route.request
            is_ours = urlsplit(asked.url).netloc == self.host
            acts = asked.method not in READING and not self.acting
            if is_ours and not acts:
                return route.continue_()
            blocked.addresses.append(asked.url)
            if acts and asked.is_navigation_request():
                blocked.acts.append(urlsplit(asked.url).path)
            return route.abort()

        return decide

    def _go(self, page, address: str) -> None:
        try:
            answer = page.goto(address, wait_until="load")
        except Exception as error:
            raise NotTaken(f"Its page does not answer: {_first_line(error)}") from error
        if answer is not None and answer.status >= 400:
            raise NotTaken(f"Its page answers {answer.status}: {urlsplit(address).path}")
        there, asked = urlsplit(page.url).path, urlsplit(address).path
        if there == self.sign_in != asked:
            raise NotTaken(f"Its page leads to the sign-in page: {asked}")


def _follow(page, clicks: list[dict]) -> None:
    for number, click in enumerate(clicks, 1):
        try:
            _do(page, click["do"], click.get("selector", ""), click.get("value", ""))
        except Exception as error:
            what = click.get("selector") or click.get("value")
            raise NotTaken(f"Click {number} ({what}) fails: {_first_line(error)}") from error


def _do(page, do: str, selector: str, value: str) -> None:
    target = page.locator(f"css={selector}" if selector else f"text={value}")
    if do in PRESSES:
        target.click(button=PRESSES[do])
        page.wait_for_load_state("load")
    elif do == "fill":
        target.fill(value)
    elif do == "press" and selector:
        target.press(value)
    elif do == "press":
        page.keyboard.press(value)
        page.wait_for_load_state("load")
    else:
        target.first.wait_for()


def _settle(page) -> None:
    try:
        page.wait_for_load_state("networkidle", timeout=QUIET)
    except Exception as error:  # a page that polls is never quiet
        if "Timeout" not in type(error).__name__:
            raise NotTaken(f"Its page breaks: {_first_line(error)}") from error
    page.evaluate(READY)


def _taken(page, recipe: dict, selectors: list[str]) -> Shot:
    shot = Shot(b"", page.title())
    for selector in dict.fromkeys(selectors):
        try:
            shot.boxes[selector] = _box(page, selector, recipe)
        except NotTaken as error:
            shot.missing[selector] = str(error)
    hidden = recipe.get("hide", [])
    for selector in hidden:
        if not _found(page, selector):
            raise NotTaken(f"What is to be hidden is not found: {selector} matches nothing")
    shot.changing = [Box(*values) for values in page.evaluate(CHANGING)]
    shot.content = page.screenshot(
        animations="disabled",
        caret="hide",
        scale="css",
        mask=[page.locator(f"css={selector}") for selector in hidden],
        mask_color=COVER,
    )
    return shot


def _found(page, selector: str) -> list:
    """What a selector matches. Raises NotTaken."""
    try:
        return page.query_selector_all(f"css={selector}")
    except Exception as error:
        raise NotTaken(f"the selector {selector} cannot be read") from error


def _box(page, selector: str, recipe: dict) -> Box:
    """Where the one element is that a selector finds. Raises NotTaken."""
    found = _found(page, selector)
    if len(found) != 1:
        many = f"{len(found)} things" if found else "nothing"
        raise NotTaken(f"the selector {selector} matches {many}")
    box = found[0].bounding_box()
    if not box or not box["width"] or not box["height"]:
        raise NotTaken(f"what the selector {selector} matches is not visible")
    x, y = max(box["x"], 0), max(box["y"], 0)
    right = min(box["x"] + box["width"], recipe["width"])
    bottom = min(box["y"] + box["height"], recipe["height"])
    if right <= x or bottom <= y:
        raise NotTaken(f"what the selector {selector} matches is outside the picture")
    return Box(x, y, right - x, bottom - y)


def _first_line(error: Exception) -> str:
    text = str(error).split("\n", 1)[0].removeprefix("Page.").strip()
    return text[:200]
