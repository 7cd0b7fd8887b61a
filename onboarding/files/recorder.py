"""Recordings of Chrome DevTools (JSON): each action becomes a step of a guide.

A step shows the page as it is before its action: the address, the clicks so far, and a callout on
what to act on. What was typed into fields for secrets is left out. Steps that cannot be read are
passed over and noted, but for addresses: what follows would happen on another page.
"""

import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings

from onboarding.pictures.pages import MOST_CLICKS, PRESSES, SIDES

from .blocks import BadText, one_line
from .document import GuideText, StepText
from .secret_fields import is_secret

MOST_STEPS = 200
LARGEST, LONGEST_SELECTOR = 1024 * 1024, 300
FOREIGN = ("aria/", "xpath/", "text/")
QUIET = {"setViewport", "keyUp", "scroll", "close", "emulateNetworkConditions", "waitForExpression"}
BUTTONS = {"secondary": "right", "auxiliary": "middle", "back": "back", "forward": "forward"}
UNREAD = {"value", "type", "target", "assertedEvents", "timeout"}
MOST_NOTES = 5
PLACE = {"x": 40, "y": 40, "w": 20, "h": 20}  # until the picture is taken


def read(content: bytes) -> GuideText:
    """The guide that a recording makes. Raises BadText that names the step of the recording."""
    recording = _loaded(content)
    title, steps = recording.get("title"), recording.get("steps")
    if not isinstance(steps, list) or not isinstance(title, str):
        raise BadText("This is no recording of Chrome DevTools: it has a title and steps.")
    if len(steps) > MOST_STEPS:
        raise BadText(f"It has more than {MOST_STEPS} steps: split the recording.")
    maker = _Maker()
    for number, step in enumerate(steps, 1):
        maker.take(number, step)
    if not maker.steps:
        raise BadText("It has no action that a person would do.")
    about = {"title": one_line(title) or "Recording"}
    return GuideText(about, maker.steps, notes=maker.told())


class _Unread(Exception):
    """A step that is passed over; the message says why."""


def _loaded(content: bytes) -> dict:
    if len(content) > LARGEST:
        raise BadText(f"Larger than {LARGEST // 1024} kB.")
    try:
        values = json.loads(content)
    except json.JSONDecodeError as error:
        raise BadText(f"It is not JSON: {error.msg}.", error.lineno) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise BadText("It is not JSON.") from error
    if not isinstance(values, dict):
        raise BadText("This is no recording of Chrome DevTools: it has a title and steps.")
    return values


class _Maker:
    """What the page is like when a step begins."""

    def __init__(self):
        self.steps: list[StepText] = []
        self.address = ""
        self.size: dict = {}
        self.clicks: list[dict] = []
        self.notes: list[str] = []
        self.is_secret: bool | None = False  # what a key goes into; None where nobody knows

    def told(self) -> list[str]:
        """What was passed over, the first of it step by step."""
        rest = len(self.notes) - MOST_NOTES
        return self.notes if rest <= 0 else [*self.notes[:MOST_NOTES], f"{rest} more of these"]

    def take(self, number: int, step) -> None:
        try:
            self._take(number, step)
        except _Unread as reason:
            self.notes.append(f"step {number} of the recording is passed over: {reason}")

    def _take(self, number: int, step) -> None:
        kind = step.get("type") if isinstance(step, dict) else None
        if not isinstance(kind, str):
            raise _Unread("it has no type")
        known = {
            "navigate": self._navigate,
            "click": self._click,
            "doubleClick": self._click,
            "hover": self._hover,
            "change": self._change,
            "keyDown": self._key,
            "waitForElement": self._wait,
        }
        if kind == "setViewport":
            self._viewport(step)
        elif kind in known:
            known[kind](number, step)
        elif kind not in QUIET:
            raise _Unread(f"its type “{one_line(kind)[:40]}” is not known")

    def _viewport(self, step: dict) -> None:
        sizes = {name: step.get(name) for name in ("width", "height")}
        self.size = {name: size for name, size in sizes.items() if size in SIDES}

    def _navigate(self, number: int, step: dict) -> None:
        address = _address(number, step.get("url"))
        if address:
            self.address, self.clicks, self.is_secret = address, [], False
            self._add(number, f"Open {address}"[:200], f"Open `{address}`.")

    def _click(self, number: int, step: dict) -> None:
        selector, name = self._target(step)
        twice = " twice" if step["type"] == "doubleClick" else ""
        button = BUTTONS.get(str(step.get("button", "")), "")
        how = twice + (f" with the {button} button" if button else "")
        self._add(number, f"Click{how} on {name}", f"Click{how} on **{name}**.", selector, name)
        do = f"{button}-click" if button else "click"
        if do in PRESSES:
            self.clicks += [{"do": do, "selector": selector}] * (2 if twice else 1)
        else:  # a picture is taken without it
            self.notes.append(f"step {number} of the recording presses the {button} button")

    def _hover(self, number: int, step: dict) -> None:
        selector, name = _target(step)  # keys go where they went
        self._add(number, f"Point at {name}", f"Point at **{name}**.", selector, name)

    def _change(self, number: int, step: dict) -> None:
        selector, name = self._target(step)
        value = step.get("value")
        if not isinstance(value, str):
            raise _Unread("it has no value")
        what = "" if self.is_secret or not value else f" with `{one_line(value)[:200]}`"
        self._add(number, f"Fill in {name}", f"Fill in **{name}**{what}.", selector, name)
        if not self.is_secret:
            self.clicks.append({"do": "fill", "selector": selector, "value": value[:500]})

    def _key(self, number: int, step: dict) -> None:
        key = step.get("key")
        if not isinstance(key, str) or not key:
            raise _Unread("it has no key")
        if len(key) == 1 and self.is_secret is not False:
            self._require_known()
            return
        self._add(number, f"Press {key}"[:200], f"Press **{key[:100]}**.")
        self.clicks.append({"do": "press", "selector": "", "value": key[:100]})
        if key == "Tab":
            self.is_secret = None

    def _require_known(self) -> None:
        """A sign of a secret is left out without a word; one that may be none is noted."""
        if self.is_secret is None:
            raise _Unread("what it is typed into is not known")

    def _target(self, step: dict) -> tuple[str, str]:
        """The CSS selector, and what people call it. From here on keys go into it."""
        told = {name: value for name, value in step.items() if name not in UNREAD}
        self.is_secret = is_secret(told) or None  # until it was read
        found = _target(step)
        self.is_secret = bool(self.is_secret)
        return found

    def _wait(self, number: int, step: dict) -> None:
        selector, name = _target(step)
        self.clicks.append({"do": "wait", "selector": selector})
        self._add(number, f"Wait for {name}", f"Wait until **{name}** appears.", selector, name)

    def _add(self, number: int, title: str, text: str, selector: str = "", name: str = "") -> None:
        if not self.address:
            raise _bad(number, "no address was opened before it")
        if len(self.clicks) > MOST_CLICKS:
            raise _bad(number, f"{MOST_CLICKS} actions follow one address: split the recording")
        page = {"address": self.address, **self.size}
        page |= {"clicks": list(self.clicks)} if self.clicks else {}
        callout = {"kind": "box", "text": "", "box": dict(PLACE), "selector": selector}
        step = StepText(title[:200], text=text, control=name[:200], page=page)
        step.callouts = [callout] if selector else []
        self.steps.append(step)


def _address(number: int, url) -> str:
    """The address; a path of the portal itself; nothing for pages of the browser."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        parts = None
    if parts is None or len(url) > 500:
        raise _bad(number, "its url cannot be read")
    if parts.scheme in ("chrome", "about"):
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _bad(number, "its url does not begin with http:// or https://")
    ours = urlsplit(settings.ADDRESS)
    parts = parts._replace(netloc=parts.netloc.rpartition("@")[2], query=_shown(parts.query))
    if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc):
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.geturl()


def _shown(query: str) -> str:
    """The query without the values of members for secrets."""
    members = parse_qsl(query, keep_blank_values=True)
    if not any(is_secret(name) for name, _ in members):
        return query
    return urlencode([(name, "" if is_secret(name) else value) for name, value in members])


def _target(step: dict) -> tuple[str, str]:
    """The CSS selector, and what people call it."""
    groups = step.get("selectors")
    options = [_chain(each) for each in groups] if isinstance(groups, list) else []
    options = [option for option in options if option]
    if not options:
        raise _Unread("it has no selector")
    css = [option for option in options if not option.startswith(FOREIGN)]
    if not css:
        raise _Unread("none of its selectors is CSS: record it with CSS selectors")
    names = [name for each in groups if (name := _called(each))]
    selector = css[0].removeprefix("pierce/").replace(" pierce/", " ")
    if len(selector) > LONGEST_SELECTOR:
        raise _Unread(f"its selector is longer than {LONGEST_SELECTOR} characters")
    return selector, one_line(re.sub(r"[*`\[\]<>]", "", names[0] if names else selector))[:150]


def _called(option) -> str:
    """The words of an accessible name or of a text; "" for a selector that has none."""
    last = (option[-1:] or [""])[0] if isinstance(option, list) else option
    if not isinstance(last, str) or not last.startswith(("aria/", "text/")):
        return ""
    return _without_role(last[5:].strip())


def _without_role(words: str) -> str:
    """An accessible name has its role behind it; no pattern, which many of them would slow down."""
    name, mark, role = words.rpartition("[role=")
    return name.rstrip() if mark and role.endswith(('"]', "']")) else words


def _chain(option) -> str:
    parts = option if isinstance(option, list) else [option]
    return " ".join(parts) if parts and all(isinstance(part, str) for part in parts) else ""


def _bad(number: int, why: str) -> BadText:
    return BadText(f"Step {number} of the recording: {why}.")
