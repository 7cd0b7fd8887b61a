"""Who is on call when, as a picture: one lane for each rotation, one slot for each shift."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from incidents.models import Rotation
from portal.accounts.models import User
from portal.core.templatetags.look import duration
from portal.core.web.days import midnight

from .overview import people_of
from .plans import Plan
from .shifts import Shift, shifts

WEEK, MONTH = 7, 28  # days
NARROW, THIN, TINY = 0.12, 0.04, 0.015  # of the width: first name, initials, no word
ON_PHONES = 0.07  # for initials
SPANS = {"week": WEEK, "month": MONTH}
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Slot:
    """One shift as it is drawn: where, how wide, how it looks, and its words."""

    x: str
    width: str
    look: str
    full: str
    short: str
    who: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Lane:
    rotation: Rotation
    slots: list[Slot]

    @property
    def sentence(self) -> str:
        """For those who do not see it."""
        gap_count = len([each for each in self.slots if each.look == "gap"])
        gaps = f", {gap_count} without anybody" if gap_count else ""
        return f"{self.rotation}: {len(self.slots)} shifts{gaps}. They are listed below."


@dataclass(frozen=True)
class Picture:
    """Some days of some rotations, from midnight to midnight of the reader."""

    first: date
    span: str
    lanes: list[Lane] = field(default_factory=list)
    ticks: list[tuple[str, str, bool]] = field(default_factory=list)  # x, words, is today
    now: str = ""  # x; empty: not in it

    @property
    def last(self) -> date:
        return self.first + timedelta(days=SPANS[self.span] - 1)

    @property
    def before(self) -> date:
        return self.first - timedelta(days=SPANS[self.span])

    @property
    def after(self) -> date:
        return self.first + timedelta(days=SPANS[self.span])

    @property
    def gap_count(self) -> int:
        return len([slot for lane in self.lanes for slot in lane.slots if slot.look == "gap"])


def monday_of(at: datetime) -> date:
    """The first day of the reader's week."""
    day = localtime(at).date()
    return day - timedelta(days=day.weekday())


def bounds(first: date, span: str) -> tuple[datetime, datetime]:
    return midnight(first), midnight(first + timedelta(days=SPANS[span]))


def picture(rows, reader: User, at: datetime, *, first: date, span: str) -> Picture:
    """Of these rotations, in six queries."""
    since, until = bounds(first, span)
    plans = rows.plans(since, until)
    found = [(row, plans[row.pk], shifts(plans[row.pk], since, until)) for row in rows]
    under = {row.pk: _replaced(plan, of_row) for row, plan, of_row in found}
    everybody = [each for *_, of_row in found for each in of_row]
    people = people_of([*everybody, *(s for each in under.values() for s in each.values())])
    frame = _Frame(since, until, reader, people)
    lanes = [Lane(row, [frame.slot(s, under[row.pk].get(s)) for s in of]) for row, _, of in found]
    now = frame.x(at) if since <= at < until else ""
    return Picture(first, span, lanes, [*_ticks(frame, first, span, at)], now)


def _replaced(plan: Plan, found: Iterable[Shift]) -> dict[Shift, Shift]:
    """Of each override the shift that it takes the place of, as it begins."""
    usual = plan.without_overrides()
    return {
        each: Shift(usual.holder(each.starts_at), each.starts_at, each.ends_at)
        for each in found
        if each.is_override
    }


@dataclass(frozen=True)
class _Frame:
    since: datetime
    until: datetime
    reader: User
    people: dict[int | None, User]

    def x(self, at: datetime) -> str:
        return f"{(at - self.since) / (self.until - self.since) * 100:.3f}%"

    def width(self, shift: Shift) -> str:
        return f"{shift.span / (self.until - self.since) * 100:.3f}%"

    def slot(self, shift: Shift, replaced: Shift | None) -> Slot:
        person = self.people.get(shift.person)
        full, short = self._words(person, shift, replaced)
        place = self.x(shift.starts_at), self.width(shift), self._look(person, shift)
        who = str(person) if person else "Off as planned" if shift.is_off else "Nobody"
        who += self._instead(replaced)
        return Slot(*place, full, short, who, shift.starts_at, shift.ends_at)

    def _words(self, person: User | None, shift: Shift, replaced) -> tuple[str, str]:
        """What stands in it: as much as finds room; on phones the second one."""
        part = shift.span / (self.until - self.since)
        if shift.is_off or part < TINY:
            return "", ""
        if person is None:
            whole = f"Nobody, {duration(shift.span)}" if part > NARROW else "Nobody"
            return whole if part > THIN else "!", "Nobody" if part > NARROW else "!"
        mark = "⇄ " if shift.is_override else ""
        short = f"{mark.strip()}{person.initials}" if part > ON_PHONES else ""
        if part < THIN:
            return person.initials, short
        if part < NARROW:
            return f"{mark}{str(person).split()[0]}", short
        name = f"{person} (you)" if person == self.reader else str(person)
        return f"{mark}{name}{self._instead(replaced)}", short

    def _instead(self, replaced: Shift | None) -> str:
        other = self.people.get(replaced.person) if replaced else None
        return f" for {other}" if other else ""

    def _look(self, person: User | None, shift: Shift) -> str:
        if shift.is_off:
            return "quiet"
        if person is None:
            return "gap"
        looks = {"me": person == self.reader, "over": shift.is_override}
        return " ".join(look for look, has in looks.items() if has)


def _ticks(frame: _Frame, first: date, span: str, at: datetime):
    today, step = localtime(at).date(), 1 if span == "week" else 7
    for number in range(0, SPANS[span], step):
        day = first + timedelta(days=number)
        words = f"{day:%a} {day.day}" if span == "week" else f"{day.day} {day:%b}"
        yield frame.x(midnight(day)), words, day <= today < day + timedelta(days=step)
