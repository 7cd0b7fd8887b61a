"""Who is on call now and next, of many rotations at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incidents.models import Rotation
from incidents.models.rotation_queries import RotationQuerySet
from portal.accounts.models import User

from .plans import Plan
from .reach import Reach, reach_of
from .shifts import FARTHEST, Shift, next_shift, shift_at


@dataclass(frozen=True)
class Turn:
    """One shift with its people."""

    shift: Shift
    person: User | None
    instead_of: User | None = None  # of an override: who would be on call

    @property
    def word(self) -> str:
        if self.person:
            return str(self.person)
        return "Nobody, as planned" if self.shift.is_off else "Nobody"


@dataclass(frozen=True)
class Line:
    """One rotation at one time."""

    rotation: Rotation
    now: Turn
    next: Turn | None
    reach: Reach | None  # None: nobody is on call


def lines(rows: RotationQuerySet, at: datetime) -> list[Line]:
    """Of each rotation, in as many queries for one as for many."""
    rotations = list(rows.select_related("owner").prefetch_related("services"))
    plans = rows.plans(at - FARTHEST, at + FARTHEST)
    found = [(row, *_shifts(plans[row.pk], at)) for row in rotations]
    people = people_of(key for _, now, after, other in found for key in (now, after, other))
    reached = reach_of(people[n.person] for _, n, *_ in found if n.person)
    return [
        Line(
            row,
            Turn(now, people.get(now.person), people.get(other.person) if other else None),
            Turn(after, people.get(after.person)) if after else None,
            reached.get(now.person) if now.person else None,
        )
        for row, now, after, other in found
    ]


def _shifts(plan: Plan, at: datetime) -> tuple[Shift, Shift | None, Shift | None]:
    """That of this time, the next one, and of an override the one that it takes the place of."""
    now = shift_at(plan, at)
    other = None
    if now.is_override:
        other = Shift(plan.without_overrides().holder(at), now.starts_at, now.ends_at)
    return now, next_shift(plan, at), other


def people_of(found: Iterable[Shift | None]) -> dict[int | None, User]:
    """The people of these shifts, by key; one query."""
    keys = {each.person for each in found if each and each.person}
    return {**User.objects.in_bulk(keys)} if keys else {}
