"""Going through a policy as the engine would, as if nobody answered. Nothing is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from incidents.models import Place
from incidents.models.plans import Plan, first, following, length, pause, step_at, turn
from incidents.models.severities import name_of

from .audience import Aimed, Audience, Called

MINUTE = timedelta(minutes=1)
MOST_LINES = 500


@dataclass(frozen=True)
class Line:
    """One step at the minute at which it would be taken, or at which it would be skipped."""

    place: Place
    policy: str
    at: datetime
    minute: int
    urgency: str
    aimed: tuple[Aimed, ...]
    is_skipped: bool

    @property
    def called(self) -> list[Called]:
        return [each for target in self.aimed for each in target.called]

    @property
    def woken(self) -> set[Any]:
        return {each.who for each in self.called if each.wakes}

    @property
    def names(self) -> str:
        return ", ".join(str(each.who) for each in self.called if each.reaches)


@dataclass(frozen=True)
class DryRun:
    """What a plan would do from a time on, in an incident of a severity."""

    plan: Plan
    terms: dict
    at: datetime

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines())

    @property
    def is_ticket(self) -> bool:
        return not self.terms.get("calls", True)

    @property
    def severity(self) -> str:
        return name_of(self.terms["level"])

    @cached_property
    def ends_at(self) -> datetime:
        """When all operators are called, as nobody answered."""
        called = [line for line in self.lines if not line.is_skipped]
        if not called:
            return self.lines[-1].at if self.lines else self.at
        last = called[-1]
        return max(last.at + pause(self.plan, last.place), self.lines[-1].at)

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.at) // MINUTE

    @property
    def again_at(self) -> datetime | None:
        idle = self.terms.get("idle_minutes")
        return self.ends_at + timedelta(minutes=idle) if idle else None

    @property
    def steps(self) -> list[Line]:
        """Each step once, as it would be taken first."""
        seen: dict[tuple[int, int], Line] = {}
        for line in self.lines:
            seen.setdefault((line.place.stage, line.place.step), line)
        return list(seen.values())

    @cached_property
    def _audience(self) -> Audience:
        return Audience(self.plan, self.terms, self.at, within=length(self.plan))

    def _lines(self) -> Iterator[Line]:
        place, when = first(self.plan), self.at
        if place is None or self.is_ticket:
            return
        when += timedelta(minutes=step_at(self.plan, place)["delay_minutes"])
        for _ in range(MOST_LINES):
            skipped, place = turn(self.plan, place, partial(self._audience.reaches, at=when))
            yield from (self._line(each, when, is_skipped=True) for each in skipped)
            if place is None:
                return
            yield self._line(place, when, is_skipped=False)
            when += pause(self.plan, place)
            place = following(self.plan, place)

    def _line(self, place: Place, at: datetime, *, is_skipped: bool) -> Line:
        return Line(
            place,
            self.plan[place.stage]["name"],
            at,
            (at - self.at) // MINUTE,
            self._audience.urgency(place),
            tuple(self._audience.of(place, at)),
            is_skipped,
        )
