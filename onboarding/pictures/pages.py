"""Where the picture of a step is taken: an address, who looks, how large, and the way there.

`{"address", "role", "width", "height", "theme", "clicks", "hide"}`; `clicks` are
`{"do", "selector", "value"}` in their order; `do` is one of DOES. What `hide`
selects is covered before the picture is taken, so that it is never in the file.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from portal.accounts.roles import ROLES

NAMES = ("address", "role", "width", "height", "theme", "clicks", "hide")
THEMES = ("light", "dark")
PRESSES = {"click": "left", "right-click": "right", "middle-click": "middle"}  # of a mouse
DOES = (*PRESSES, "fill", "press", "wait")
SIDES = range(200, 4097)
MOST_CLICKS = 30
LONGEST = 500
DEFAULTS = {"role": "reader", "width": 1280, "height": 800, "theme": "light", "clicks": []}
MOST_HIDDEN = 20


def validate_page(page) -> None:
    """Raises ValidationError that says which member is wrong and what it may be."""
    if page == {}:
        return
    if not isinstance(page, dict) or set(page) - set(NAMES):
        raise ValidationError(f"A page has {', '.join(NAMES)}, and nothing else.")
    for problem in _problems({**DEFAULTS, **page}):
        raise ValidationError(problem)


def _problems(page: dict):
    if not _is_address(page.get("address")):
        yield "The address is a path such as /runbooks/, or begins with http:// or https://."
    if page["role"] not in ("", *ROLES):
        yield f"The role is one of {', '.join(ROLES)}, or empty for nobody."
    if page["width"] not in SIDES or page["height"] not in SIDES:
        yield f"Width and height are from {SIDES[0]} to {SIDES[-1]} pixels."
    if page["theme"] not in THEMES:
        yield "The theme is light or dark."
    clicks = page["clicks"]
    if not isinstance(clicks, list) or len(clicks) > MOST_CLICKS:
        yield f"Clicks are a list of at most {MOST_CLICKS}."
    elif not all(map(_is_click, clicks)):
        yield f"A click has do ({', '.join(DOES)}), selector and value."
    hidden = page.get("hide", [])
    if not isinstance(hidden, list) or len(hidden) > MOST_HIDDEN or not all(map(_is_short, hidden)):
        yield f"What to hide is a list of at most {MOST_HIDDEN} selectors."


def _is_short(text) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST


def _is_address(address) -> bool:
    if not isinstance(address, str) or len(address) > LONGEST:
        return False
    if address.startswith("/"):
        return not address.startswith("//") and "\\" not in address
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_click(click) -> bool:
    if not isinstance(click, dict) or set(click) - {"do", "selector", "value"}:
        return False
    texts = [click.get("selector", ""), click.get("value", "")]
    short = all(isinstance(text, str) and len(text) <= LONGEST for text in texts)
    return click.get("do") in DOES and short and bool(texts[0] or texts[1])
