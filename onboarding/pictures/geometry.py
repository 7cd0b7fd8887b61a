"""Where the marks of a picture are drawn, in the picture's own pixels.

The page, the editor's preview and prints draw them alike. An arrow points at its box, from the side
where there is most room, so that it follows when the box moves.
"""

from dataclasses import dataclass
from datetime import datetime

from .callouts import SIDES

DRAWN_FOR = 964  # pixels of width for which pins and lines have the sizes below
COLUMN = 736  # pixels of width that a page has for a picture
TALLEST = 680  # pixels of height that a picture takes there
NARROW = 400
PIN, GAP, HEAD, SHAFT = 15, 5, 13, 90


@dataclass(frozen=True)
class Mark:
    """One callout: its box, the place of its number, and for an arrow its lines."""

    number: int
    kind: str
    text: str
    x: float
    y: float
    w: float
    h: float
    pin_x: float
    pin_y: float
    path: str = ""

    @property
    def middle(self) -> tuple[float, float]:
        return round(self.x + self.w / 2, 1), round(self.y + self.h / 2, 1)

    @property
    def radii(self) -> tuple[float, float]:
        return round(self.w / 2, 1), round(self.h / 2, 1)

    @property
    def said(self) -> str:
        return self.text or "Marked on the picture"


@dataclass(frozen=True)
class Shot:
    """A frozen picture with its marks; `unit` is how many pixels one of DRAWN_FOR is.

    `shown` is its width on a page, if there is room: none is enlarged, none fills two screens.
    """

    name: str
    alt: str
    width: int
    height: int
    unit: float
    marks: list[Mark]
    taken_at: datetime | None = None
    shown: int = COLUMN

    @property
    def is_narrow(self) -> bool:
        return self.shown <= NARROW

    @property
    def corner(self) -> float:
        return round(8 * self.unit, 1)

    @property
    def spoken(self) -> str:
        return " ".join(f"{mark.number}: {mark.said.rstrip('.')}." for mark in self.marks)


def shot_of(frozen: dict) -> Shot:
    """From a shot of `guides.publishing`."""
    width, height = frozen["width"], frozen["height"]
    shown = shown_width(width, height)
    unit = round(max(width, 1) / (DRAWN_FOR * shown / COLUMN), 3)
    marks = [
        mark_of(callout, number, width, height, unit)
        for number, callout in enumerate(frozen["callouts"], 1)
    ]
    taken = frozen.get("taken_at")
    taken_at = datetime.fromisoformat(taken) if taken else None
    return Shot(frozen["name"], frozen["alt"], width, height, unit, marks, taken_at, shown)


def shown_width(width: int, height: int) -> int:
    """How wide a picture of this size is on a page."""
    return max(round(min(COLUMN, width, TALLEST * width / max(height, 1))), 1)


def mark_of(callout: dict, number: int, width: int, height: int, unit: float) -> Mark:
    sides = (width, height, width, height)
    x, y, w, h = (
        round(callout["box"][name] * side / 100, 1) for name, side in zip(SIDES, sides, strict=True)
    )
    pin, path = (x - PIN * unit / 2, y - PIN * unit / 2), ""
    if callout["kind"] == "arrow":
        pin, path = _arrow((x, y, w, h), (width, height), unit)
    pin_x, pin_y = (
        _inside(value, side, unit) for value, side in zip(pin, (width, height), strict=True)
    )
    text = callout.get("text", "")
    return Mark(number, callout["kind"], text, x, y, w, h, pin_x, pin_y, path)


def _inside(value: float, side: int, unit: float) -> float:
    edge = min(PIN * unit * 1.2, side / 2)
    return round(min(max(value, edge), side - edge), 1)


def _arrow(box, sides, unit: float) -> tuple[tuple[float, float], str]:
    """Where it begins, and its path: a shaft to the box, and a head of two lines."""
    x, y, w, h = box
    width, height = sides
    rooms = {(-1, 0): x, (1, 0): width - x - w, (0, -1): y, (0, 1): height - y - h}
    (dx, dy), room = max(rooms.items(), key=lambda item: item[1])
    tip = (x + w / 2 + dx * (w / 2 + GAP * unit), y + h / 2 + dy * (h / 2 + GAP * unit))
    length = min(SHAFT * unit, max(room - GAP * unit, 0))
    tail = (tip[0] + dx * length, tip[1] + dy * length)
    head = HEAD * unit
    barbs = [
        (tip[0] + dx * head + side * dy * head, tip[1] + dy * head + side * dx * head)
        for side in (-0.7, 0.7)
    ]
    lines = [(tail, tip), (barbs[0], tip), (tip, barbs[1])]
    return tail, " ".join(f"M{_at(start)} L{_at(end)}" for start, end in lines)


def _at(point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
