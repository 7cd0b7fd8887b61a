"""What a rotation says, without the database: who is on call at one moment.

A plan holds layers, of which a higher one wins where it has somebody, and overrides, which win over
all layers, the newest first. Persons are keys; None stands for somebody who cannot be on call.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .wall_clock import DAY, midnight, moment, shown

HOURS = {"hours": 1, "days": 24, "weeks": 168}  # of one unit


class OnHolidays(StrEnum):
    """What a layer does on a public holiday of its rotation."""

    USUAL = "usual"  # as on any other day
    ALSO = "also"  # it applies all day, whatever its hours are
    NOT = "not"  # it does not apply


@dataclass(frozen=True)
class Hours:
    """Hours on some days of the week (0: Monday); those that end no later than they begin end on
    the next day.
    """

    weekdays: frozenset[int]
    begins: time
    ends: time

    def of(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """From when to when they are on the day on which they begin."""
        if day.weekday() not in self.weekdays:
            return None
        last = day if self.ends > self.begins else day + DAY
        return (
            moment(datetime.combine(day, self.begins), zone),
            moment(datetime.combine(last, self.ends), zone),
        )


class Holder(NamedTuple):
    """Who is on call, and by what; two that are equal and side by side are one shift."""

    person: int | None
    layer: int | None = None
    override: int | None = None
    turn: int | None = None
    is_planned: bool = False  # that it is nobody

    @property
    def is_gap(self) -> bool:
        return self.person is None and not self.is_planned


GAP, OFF = Holder(None), Holder(None, is_planned=True)


@dataclass(frozen=True)
class LayerPlan:
    """People who take turns; each is `every` hours long by the clock on the wall."""

    key: int
    zone: ZoneInfo
    starts_on: date
    hand_over: time
    every: int  # hours
    members: tuple[int | None, ...]
    ends_on: date | None = None
    hours: tuple[Hours, ...] = ()  # none: at any hour
    on_holidays: OnHolidays = OnHolidays.USUAL
    holidays: Container[date] = frozenset()

    @cached_property
    def first(self) -> datetime:
        """When the first turn begins, on the wall."""
        return datetime.combine(self.starts_on, self.hand_over)

    @cached_property
    def begins(self) -> datetime:
        return moment(self.first, self.zone)

    @cached_property
    def ends(self) -> datetime | None:
        """It hands over for the last time on its last day."""
        if self.ends_on is None:
            return None
        return moment(datetime.combine(self.ends_on, self.hand_over), self.zone)

    def turn_begins(self, number: int) -> datetime:
        return moment(self.first + timedelta(hours=number * self.every), self.zone)

    def turn(self, at: datetime) -> int:
        """The number of the turn to which a moment belongs."""
        number = (shown(at, self.zone) - self.first) // timedelta(hours=self.every)
        while self.turn_begins(number) > at:
            number -= 1
        while self.turn_begins(number + 1) <= at:
            number += 1
        return number

    def is_current(self, at: datetime) -> bool:
        return self.begins <= at and (self.ends is None or at < self.ends)

    def applies(self, at: datetime) -> bool:
        """Whether it wants somebody to be on call, be there somebody or not."""
        if not self.is_current(at):
            return False
        day = shown(at, self.zone).date()
        if self.on_holidays != OnHolidays.USUAL and day in self.holidays:
            return self.on_holidays == OnHolidays.ALSO
        return not self.hours or self._within(day, at)

    def _within(self, day: date, at: datetime) -> bool:
        spans = (each.of(d, self.zone) for each in self.hours for d in (day - DAY, day))
        return any(span and span[0] <= at < span[1] for span in spans)

    def holder(self, at: datetime) -> Holder | None:
        """Of a moment at which it applies; None if it has nobody. One person alone has no turns."""
        if len({*self.members}) < 2:
            person, turn = next(iter(self.members), None), None
        else:
            turn = self.turn(at)
            person = self.members[turn % len(self.members)]
        return None if person is None else Holder(person, self.key, turn=turn)

    def changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Every moment between at which it may change who is on call, in no order."""
        yield self.begins
        if self.ends:
            yield self.ends
        if self.begins < until and (self.ends is None or self.ends > since):
            yield from self._turns(max(since, self.begins), until)
            yield from self._days(since, until)

    def _turns(self, since: datetime, until: datetime) -> Iterator[datetime]:
        number = self.turn(since)
        while (at := self.turn_begins(number)) < until:
            yield at
            number += 1

    def _days(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """When its hours begin and end, and when holidays do."""
        if not self.hours and self.on_holidays == OnHolidays.USUAL:
            return
        day = shown(since, self.zone).date() - DAY
        last = shown(until, self.zone).date()
        while day <= last:
            for each in self.hours:
                yield from each.of(day, self.zone) or ()
            if self.on_holidays != OnHolidays.USUAL and day in self.holidays:
                for wall in (day, day + DAY):
                    yield midnight(datetime.combine(wall, time()), self.zone)
            day += DAY


@dataclass(frozen=True)
class OverridePlan:
    """One person, or on purpose nobody, instead of whoever would be on call."""

    key: int
    person: int | None
    starts_at: datetime
    ends_at: datetime
    is_nobody: bool = False  # on purpose; else a person who cannot be on call overrides nothing

    @property
    def holder(self) -> Holder | None:
        if self.person is None and not self.is_nobody:
            return None
        return Holder(self.person, override=self.key, is_planned=self.is_nobody)


@dataclass(frozen=True)
class Plan:
    """Layers, the highest first, and overrides, the newest first."""

    layers: tuple[LayerPlan, ...] = ()
    overrides: tuple[OverridePlan, ...] = ()
    is_always: bool = True  # somebody has to be on call at any hour, not only in those of layers

    def without_overrides(self) -> "Plan":
        return replace(self, overrides=())

    @property
    def ends(self) -> datetime | None:
        """When its last layer ends and leaves hours without anybody; None: it does not."""
        ends = [layer.ends for layer in self.layers]
        if not self.is_always or not ends or None in ends:
            return None
        return max(filter(None, ends))

    def holder(self, at: datetime) -> Holder:
        """Who is on call at this moment."""
        for each in self.overrides:
            if each.starts_at <= at < each.ends_at and (found := each.holder):
                return found
        applying = [layer for layer in self.layers if layer.applies(at)]
        found_by_layer = (layer.holder(at) for layer in applying)
        nobody = GAP if self.is_always or applying else OFF
        return next(filter(None, found_by_layer), nobody)

    def changes(self, since: datetime, until: datetime) -> list[datetime]:
        """Every moment from `since` to before `until` at which the holder may change, and `since`
        itself, in order.
        """
        found = {since}
        for layer in self.layers:
            found.update(layer.changes(since, until))
        for each in self.overrides:
            found |= {each.starts_at, each.ends_at}
        return sorted(at.astimezone(UTC) for at in found if since <= at < until)
