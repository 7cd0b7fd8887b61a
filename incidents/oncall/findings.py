"""What somebody has to look at before it hurts: hours without anybody, people nobody can call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db.models import Count, Max

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


def with_gaps(at: datetime) -> frozenset[int]:
    """The keys of the current rotations that have gaps; worked out again when one changes."""
    rows = Rotation.objects.current()
    mark = rows.aggregate(Max("changed_at"), Count("pk"))
    if not mark["pk__count"]:
        return frozenset()
    key = f"oncall-gaps-{mark['changed_at__max']:%Y%m%d%H%M%S%f}-{mark['pk__count']}"
    known = caches["process"].get(key)
    if known is None:
        known = frozenset(gap.rotation.pk for gap in gaps(rows, at))
        caches["process"].set(key, known, REMEMBERED)
    return known


def longest_first(found: Iterable[Gap]) -> list[Gap]:
    return sorted(found, key=lambda gap: -gap.shift.span)
