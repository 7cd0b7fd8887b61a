"""Marks and blurred places where their selectors are on a new picture."""

from onboarding.pictures.blurs import burnt
from onboarding.pictures.pages import DEFAULTS

from .camera import NotTaken, Shot
from .difference import Box

PADDING = 4  # pixels between a thing and the box around it
STILL = 0.5  # percent: a box that is off by less stays where its author drew it
EDGE = 3  # pixels: so far beside its box a blurred place may look different each time


def moved(marks: list[dict], shot: Shot, page: dict) -> list[dict]:
    """The marks with their boxes where their selectors are now."""
    recipe = {**DEFAULTS, **page}
    size = recipe["width"], recipe["height"]
    return [_moved(each, shot.boxes.get(each.get("selector", "")), size) for each in marks]


def _moved(mark: dict, box: Box | None, size: tuple[int, int]) -> dict:
    if box is None:
        return mark
    left, top = max(box.x - PADDING, 0), max(box.y - PADDING, 0)
    right = min(box.x + box.width + PADDING, size[0])
    bottom = min(box.y + box.height + PADDING, size[1])
    there = {
        "x": _percent(left, size[0]),
        "y": _percent(top, size[1]),
        "w": _percent(right - left, size[0]),
        "h": _percent(bottom - top, size[1]),
    }
    is_still = all(abs(mark["box"][side] - there[side]) < STILL for side in there)
    return mark if is_still else {**mark, "box": there}


def _percent(part: float, whole: int) -> float:
    return round(part * 100 / whole, 2)


def burn(shot: Shot, blurs: list[dict], page: dict) -> None:
    """Make unreadable what was so in the picture before it, where that is now.

    Raises NotTaken if it is not found: nobody would know what the picture gives away.
    """
    for blur in blurs:
        if why := shot.missing.get(blur.get("selector", "")):
            raise NotTaken(f"What was blurred is not found: {why}")
    if blurs:
        shot.blurred = moved(blurs, shot, page)
        shot.content = burnt(shot.content, shot.blurred).stored.content
        recipe = {**DEFAULTS, **page}
        size = recipe["width"], recipe["height"]
        shot.changing += [_area(each["box"], *size) for each in shot.blurred]


def _area(box: dict, width: int, height: int) -> Box:
    x, y = box["x"] * width / 100 - EDGE, box["y"] * height / 100 - EDGE
    return Box(x, y, box["w"] * width / 100 + 2 * EDGE, box["h"] * height / 100 + 2 * EDGE)
