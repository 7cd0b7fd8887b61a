"""A guide as a recording of Chrome DevTools, which other tools replay and `recorder` reads again.

A step says how its page is reached; the words of its title say what is done there. What they do not
say is only waited for: nothing is pressed that a guide does not tell people to press.
"""

import json
import re

from onboarding.pictures.pages import DEFAULTS, PRESSES
from portal.core.problems import Conflict
from portal.core.web.address import absolute

from .recorder import BUTTONS
from .secret_fields import is_secret

OTHERS = {words: button for button, words in BUTTONS.items()}
BUTTON = re.compile(rf"Click(?P<twice> twice)? with the (?P<button>{'|'.join(OTHERS)}) button on ")
VERBS = {
    "Click on ": "click",
    "Click twice on ": "doubleClick",
    "Point at ": "hover",
    "Fill in ": "change",
    "Press ": "keyDown",
}
SCREEN = {"deviceScaleFactor": 1, "isMobile": False, "hasTouch": False, "isLandscape": False}
AS_TYPE = {
    **dict.fromkeys(PRESSES, "click"),
    "fill": "change",
    "press": "keyDown",
    "wait": "waitForElement",
}


class NotReplayed(Conflict):
    """There is nothing to replay; the message says what is missing."""

    code = "not-replayed"
    title = "No recording"


def recording(guide) -> str:
    """The JSON. Raises NotReplayed if no step says where its picture is taken."""
    replay = _Replay()
    for step in guide.steps.exclude(page={}):
        replay.take(step)
    if not replay.steps:
        raise NotReplayed("No step says where its picture is taken: fill in “Page” of its steps.")
    return json.dumps({"title": guide.title, "steps": replay.steps}, indent=2, ensure_ascii=False)


class _Replay:
    """How far a browser is that replays what was said until now."""

    def __init__(self):
        self.steps: list[dict] = []
        self.address = ""
        self.size: tuple[int, int] = (0, 0)
        self.done: list[dict] = []

    def take(self, step) -> None:
        page = {**DEFAULTS, **step.page}
        clicks, size = page["clicks"], (page["width"], page["height"])
        if size != self.size:
            self.size = size
            sides = {"width": size[0], "height": size[1]}
            self.steps.append({"type": "setViewport", **sides, **SCREEN})
        if page["address"] != self.address or clicks[: len(self.done)] != self.done:
            self._open(page["address"])
        self._do(clicks[len(self.done) :])
        self._act(step)

    def _open(self, address: str) -> None:
        self.address, self.done = address, []
        url = absolute(address) if address.startswith("/") else address
        self.steps.append({"type": "navigate", "url": url})

    def _do(self, clicks: list[dict]) -> None:
        for click in clicks:
            kind, value = AS_TYPE[click["do"]], click.get("value", "")
            button = OTHERS.get(PRESSES.get(click["do"], ""), "")
            self._add(kind, [click.get("selector", "")], value, button=button)
            self.done.append(click)

    def _act(self, step) -> None:
        """What people do at this step, and what the next page is like by it."""
        kind = next((kind for words, kind in VERBS.items() if step.title.startswith(words)), "")
        selector = next((each["selector"] for each in step.callouts if each.get("selector")), "")
        if kind == "keyDown":
            self._did(kind, "press", "", step.title.removeprefix("Press "))
        elif selector and kind == "change":
            self._did(kind, "fill", selector, _typed(step.text), step.control)
        elif selector and (pressed := BUTTON.match(step.title)):
            kind = "doubleClick" if pressed["twice"] else "click"
            self._did(kind, "click", selector, name=step.control, button=pressed["button"])
        elif selector and kind in ("click", "doubleClick"):
            self._did(kind, "click", selector, name=step.control)
        elif selector and kind == "hover":
            self._add(kind, [selector], name=step.control)
        elif selector and {"do": "wait", "selector": selector} not in self.done[-1:]:
            self._add("waitForElement", [selector], name=step.control)

    def _did(
        self, kind: str, do: str, selector: str, value: str = "", name: str = "", button: str = ""
    ) -> None:
        """`button` is the one that is pressed, unless it is the left one."""
        self._add(kind, [selector], value, name, OTHERS.get(button, ""))
        click = {"do": f"{button}-{do}" if button else do, "selector": selector}
        if button and click["do"] not in PRESSES:
            return  # no picture is taken with it
        click |= {"value": value} if do in ("fill", "press") else {}
        if do == "fill" and is_secret(name, selector):
            return  # nobody kept what was typed
        self.done += [click] * (2 if kind == "doubleClick" else 1)

    def _add(
        self, kind: str, selectors: list[str], value: str = "", name: str = "", button: str = ""
    ) -> None:
        if kind == "keyDown":
            key = {"target": "main", "key": value}
            self.steps += [{"type": "keyDown", **key}, {"type": "keyUp", **key}]
            return
        named = [[f"aria/{name}"]] if name else []
        step: dict = {"type": kind, "target": "main", "selectors": [*named, selectors]}
        step |= {"value": value} if kind == "change" else {}
        step |= {"offsetX": 1, "offsetY": 1} if kind in ("click", "doubleClick") else {}
        step |= {"button": button} if button else {}
        self.steps.append(step)


def _typed(text: str) -> str:
    """What the last line says that is typed: “… with `value`.”"""
    value = text.rstrip().rpartition("\n")[2].partition(" with `")[2]
    return value.removesuffix("`.") if value.endswith("`.") else ""
