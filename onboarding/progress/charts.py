"""Small pictures of figures: what stands in the attributes of an inline SVG."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import caches
from django.utils import timezone

from onboarding.models import Progress

from .statistics import Week, trend

WIDTH, HEIGHT = 100, 40
REMEMBERED = 300  # seconds: the panel stands on the first page
NAME = "completion-of-guides"


@dataclass(frozen=True)
class RateLine:
    """The completion rate week by week as a line in a box of 100 by 40, and where it ends."""

    points: str
    x: float
    y: float
    first: Week
    last: Week

    @property
    def direction(self) -> str:
        """What the line says, in a word."""
        change = (self.last.percent or 0) - (self.first.percent or 0)
        return "steady" if abs(change) < 3 else "rising" if change > 0 else "falling"


def rate_line(weeks: Iterable[Week]) -> RateLine | None:
    """None before anybody began."""
    weeks = list(weeks)
    step = WIDTH / max(len(weeks) - 1, 1)
    known = [(n * step, week) for n, week in enumerate(weeks) if week.rate is not None]
    if not known:
        return None
    places = [(round(x, 2), round(HEIGHT * (1 - (week.rate or 0)), 2)) for x, week in known]
    x, y = places[-1]
    points = " ".join(f"{x:g},{y:g}" for x, y in places)
    return RateLine(points, x, y, known[0][1], known[-1][1])


def remembered_trend() -> tuple[RateLine, list[Week]] | None:
    """The line of all guides with its weeks, the newest first; at most five minutes old."""
    name = f"{NAME}:{timezone.get_current_timezone_name()}"  # whose weeks they are
    found = caches["process"].get(name)
    if found is None:
        weeks = trend(Progress.objects.of_current(), at=timezone.now())
        found = (rate_line(weeks), weeks[::-1])
        caches["process"].set(name, found, REMEMBERED)
    return found if found[0] else None
