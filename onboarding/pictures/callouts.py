"""Numbered marks on a screenshot, kept as percent of its size.

Each is `{"kind", "text", "box": {"x", "y", "w", "h"}, "selector"}`; its number is its place in the
list. `annotation` writes one as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/).
"""

import re

from django.core.exceptions import ValidationError

KINDS = ("box", "arrow", "circle", "highlight")
MOST = 20
LONGEST_TEXT, LONGEST_SELECTOR = 500, 300
SIDES = ("x", "y", "w", "h")
# What the camera understands beside CSS: https://playwright.dev/docs/other-locators
BEYOND_CSS = re.compile(
    r">>|^\s*(?:[\w-]+=|//|\.\.)|:(?:has-text|text|text-is|text-matches|nth-match|visible|light|"
    r"near|above|below|left-of|right-of)\b"
)


def validate_callouts(callouts) -> None:
    """Raises ValidationError that names the callout and what is wrong with it."""
    if not isinstance(callouts, list) or len(callouts) > MOST:
        raise ValidationError(f"Callouts are a list of at most {MOST}.")
    for number, callout in enumerate(callouts, 1):
        if problem := _problem(callout):
            raise ValidationError(f"Callout {number}: {problem}")


def _problem(callout) -> str:
    if not isinstance(callout, dict) or set(callout) - {"kind", "text", "box", "selector"}:
        return "it has kind, text, box and selector, and nothing else."
    if callout.get("kind") not in KINDS:
        return f"its kind is one of {', '.join(KINDS)}."
    text, selector = callout.get("text", ""), callout.get("selector", "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        return f"its text has at most {LONGEST_TEXT} characters."
    if not isinstance(selector, str) or len(selector) > LONGEST_SELECTOR:
        return f"its selector has at most {LONGEST_SELECTOR} characters."
    return _problem_of_box(callout.get("box"))


def _problem_of_box(box) -> str:
    if not isinstance(box, dict) or set(box) != set(SIDES):
        return "its box has x, y, w and h, in percent of the picture."
    values = [box[side] for side in SIDES]
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if not numbers or not all(0 <= value <= 100 for value in values):
        return "the numbers of its box are from 0 to 100, in percent of the picture."
    x, y, w, h = values
    if x + w > 100.5 or y + h > 100.5:
        return "its box ends outside the picture."
    return ""


def annotation(callout: dict, number: int, *, picture: str) -> dict:
    """A callout as a W3C Web Annotation on the picture at this address."""
    box = callout["box"]
    place = {
        "type": "FragmentSelector",
        "conformsTo": "http://www.w3.org/TR/media-frags/",
        "value": "xywh=percent:" + ",".join(f"{box[side]:g}" for side in SIDES),
    }
    selectors = [place]
    selector = callout.get("selector", "")
    if selector and not BEYOND_CSS.search(selector):
        selectors.append({"type": "CssSelector", "value": callout["selector"]})
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{picture}#callout-{number}",
        "type": "Annotation",
        "motivation": "describing",
        "body": {"type": "TextualBody", "value": callout.get("text", ""), "format": "text/plain"},
        "target": {"source": picture, "selector": selectors},
        "portal:kind": callout["kind"],
    }
