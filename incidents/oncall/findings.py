"""What somebody has to look at before it hurts: hours without anybody, people nobody can call."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.urls import reverse

from incidents.models import Rotation
from portal.accounts.models import User

from .overview import people_of
from .plans import Plan
from .reach import Reach, reach_of
from .shifts import Shift, shifts

AHEAD = timedelta(days=14)  # for gaps
ENDING = timedelta(days=60)  # for rotations that end
SOON = timedelta(days=7)  # for people who cannot be called
REMEMBERED = 300  # seconds, unless a rotation changes: then it is looked at anew


@dataclass(frozen=True)
class Gap:
    """Hours in which nobody is on call, and somebody ought to be."""

    rotation: Rotation
    shift: Shift

    @property
    def cover(self) -> str:
        """The form by which somebody takes these hours."""
        ends = self.shift.starts_at, self.shift.ends_at
        begin, end = (at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in ends)
        address = reverse("oncall:new-override", args=[self.rotation.slug])
        return f"{address}?since={begin}&until={end}"


@dataclass(frozen=True)
class Ending:
    """No layer of the rotation says who is on call from this time on."""

    rotation: Rotation
    at: datetime


@dataclass(frozen=True)
class Unreachable:
    """Somebody who is on call soon, and cannot be called."""

    rotation: Rotation
    person: User
    shift: Shift  # the first one
    reach: Reach


@dataclass(frozen=True)
class Findings:
    """What is wrong with some rotations, the next thing first."""

    gaps: list[Gap]
    unreachable: list[Unreachable]
    endings: list[Ending]

    @property
    def rotations(self) -> set[int]:
        """Their keys."""
        found = {gap.rotation.pk for gap in self.gaps}
        found |= {each.rotation.pk for each in self.endings}
        return found | {each.rotation.pk for each in self.unreachable}

    def of(self, keys: Container[int]) -> "Findings":
        """Only those of these rotations."""
        return Findings(
            [each for each in self.gaps if each.rotation.pk in keys],
            [each for each in self.unreachable if each.rotation.pk in keys],
            [each for each in self.endings if each.rotation.pk in keys],
        )


def findings(rows, at: datetime) -> Findings:
    """Gaps within `AHEAD`, people on call within `SOON` whom nothing reaches, and rotations that
    end within `ENDING`, but later than the gaps say; ten queries.
    """
    plans = rows.plans(at, at + AHEAD)
    found = [(row, each) for row in rows for each in shifts(plans[row.pk], at, at + AHEAD)]
    gaps = [Gap(row, each) for row, each in found if each.is_gap]
    gaps.sort(key=lambda gap: gap.shift.starts_at)
    soon = [(row, each) for row, each in found if each.person and each.starts_at < at + SOON]
    return Findings(gaps, _unreachable(soon), _endings(rows, plans, at))


def _endings(rows, plans: dict[int, Plan], at: datetime) -> list[Ending]:
    ends = ((row, plans[row.pk].ends) for row in rows)
    found = [Ending(row, end) for row, end in ends if end and at + AHEAD <= end < at + ENDING]
    return sorted(found, key=lambda each: each.at)


def _unreachable(found: list[tuple[Rotation, Shift]]) -> list[Unreachable]:
    """One for each person and rotation."""
    people = people_of(each for _, each in found)
    reached = reach_of(people.values())
    first: dict[tuple[int, int], Unreachable] = {}
    for row, shift in found:
        person = people.get(shift.person)
        if person and not reached[person.pk].is_callable:
            about = Unreachable(row, person, shift, reached[person.pk])
            first.setdefault((row.pk, person.pk), about)
    return [*first.values()]


def remembered(at: datetime, changed_at: datetime) -> Findings:
    """Those of all current rotations, at most some minutes old.

    Worked out again once a rotation changed later than `changed_at`.
    """
    key = f"oncall-findings-{changed_at:%Y%m%d%H%M%S%f}"
    known = caches["process"].get(key)
    if known is None:
        known = findings(Rotation.objects.current(), at)
        caches["process"].set(key, known, REMEMBERED)
    return known
