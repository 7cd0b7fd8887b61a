"""Shifts: who is on call from when to when, with the times at which nobody is. No database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from .plans import Holder, Plan

STEP = timedelta(days=8)  # in which the next change is looked for
FARTHEST = timedelta(days=96)


@dataclass(frozen=True)
class Shift:
    """One holder from `starts_at` to before `ends_at`."""

    holder: Holder
    starts_at: datetime
    ends_at: datetime
    is_endless: bool = False  # no change is planned after it: `ends_at` is as far as was looked

    @property
    def person(self) -> int | None:
        return self.holder.person

    @property
    def is_gap(self) -> bool:
        """Nobody is on call, and somebody ought to be."""
        return self.holder.is_gap

    @property
    def is_off(self) -> bool:
        """Nobody is on call, as it was planned."""
        return self.holder.is_planned

    @property
    def is_override(self) -> bool:
        return self.holder.override is not None

    @property
    def is_all_along(self) -> bool:
        """It began longer ago, and ends later, than was looked."""
        return self.is_endless and self.span >= 2 * FARTHEST

    @property
    def span(self) -> timedelta:
        return self.ends_at - self.starts_at

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


def shifts(plan: Plan, since: datetime, until: datetime) -> list[Shift]:
    """They tile the time from `since` to `until`, gaps included; the first and last are cut."""
    if since >= until:
        return []
    times = [*plan.changes(since, until), until]
    found: list[Shift] = []
    for begin, end in pairwise(times):
        holder = plan.holder(begin)
        if found and found[-1].holder == holder:
            found[-1] = replace(found[-1], ends_at=end)
        else:
            found.append(Shift(holder, begin, end))
    return found


def shift_at(plan: Plan, at: datetime) -> Shift:
    """The whole shift that holds this moment, as far as `FARTHEST` to either side."""
    following = from_then(plan, at)[0]
    begin = at
    while begin > at - FARTHEST:
        first = shifts(plan, begin - STEP, at)[-1]
        if first.holder != following.holder:
            break  # it began at this moment
        begin, is_begun = first.starts_at, first.starts_at > begin - STEP
        if is_begun:
            break
    return replace(following, starts_at=begin)


def from_then(plan: Plan, at: datetime) -> list[Shift]:
    """The shift that holds this moment, cut where it begins before, and those after it, of which
    there is one at least where anything changes at all within `FARTHEST`.
    """
    until = at
    while until < at + FARTHEST:
        until += STEP
        found = shifts(plan, at, until)
        if len(found) > 2:
            return found[:-1]  # the last one is cut
    return [*found[:-1], replace(found[-1], is_endless=True)]


def next_shift(plan: Plan, at: datetime) -> Shift | None:
    """The one after that of this moment; None: nothing changes for months."""
    return next(iter(from_then(plan, at)[1:]), None)


def gaps(plan: Plan, since: datetime, until: datetime) -> list[Shift]:
    """When nobody is on call though somebody ought to be; those side by side are one."""
    return [each for each in shifts(plan, since, until) if each.is_gap]


def of_person(found: list[Shift], person: int) -> Iterator[Shift]:
    return (each for each in found if each.person == person)
