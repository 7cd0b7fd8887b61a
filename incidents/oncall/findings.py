"""What somebody has to look at before it hurts: hours without anybody, people nobody can call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.urls import reverse

from incidents.models import Rotation
from portal.accounts.models import User

from .overview import people_of
from .reach import Reach, reach_of
from .shifts import Shift, shifts

AHEAD = timedelta(days=14)  # for gaps
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
class Unreachable:
    """Somebody who is on call soon, and cannot be called."""

    rotation: Rotation
    person: User
    shift: Shift  # the first one
    reach: Reach


def gaps(rows, at: datetime) -> list[Gap]:
    """Those that begin or last within `AHEAD`, the next one first."""
    plans = rows.plans(at, at + AHEAD)
    found = [
        Gap(row, each)
        for row in rows
        for each in shifts(plans[row.pk], at, at + AHEAD)
        if each.is_gap
    ]
    return sorted(found, key=lambda gap: gap.shift.starts_at)


def unreachable(rows, at: datetime) -> list[Unreachable]:
    """One for each person and rotation."""
    plans = rows.plans(at, at + SOON)
    first: dict[tuple[int, int], Shift] = {}
    for row in rows:
        for each in shifts(plans[row.pk], at, at + SOON):
            if each.person:
                first.setdefault((row.pk, each.person), each)
    people = people_of(first.values())
    reached = reach_of(people.values())
    return [
        Unreachable(row, people[person], first[key, person], reached[person])
        for row in rows
        for key, person in first
        if key == row.pk and not reached[person].is_callable
    ]


def troubled(at: datetime, changed_at: datetime) -> frozenset[int]:
    """The keys of the current rotations with gaps ahead, or people who cannot be called.

    Worked out again once one changed later than `changed_at`, and after some minutes.
    """
    key = f"oncall-troubled-{changed_at:%Y%m%d%H%M%S%f}"
    known = caches["process"].get(key)
    if known is None:
        rows = Rotation.objects.current()
        known = frozenset(each.rotation.pk for each in gaps(rows, at))
        known |= {each.rotation.pk for each in unreachable(rows, at)}
        caches["process"].set(key, known, REMEMBERED)
    return known
