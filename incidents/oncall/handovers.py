"""What the engine does at hand-over: it tells who takes over, once a shift, and a day before."""

from datetime import datetime, timedelta

from django.db import transaction

from incidents.models import Rotation, Swap
from portal.accounts.models import User

from . import notices
from .plans import Plan
from .shifts import Shift, shift_at, shifts
from .summary import TICK, Period, since_of, summary

BEFORE = timedelta(days=1)
AHEAD = timedelta(days=10)  # how far plans are read, so that a shift is told with its end
BACK = timedelta(days=35)
EVERY = timedelta(minutes=1)


def tell_shifts(at: datetime) -> bool:
    """Tell of one rotation what began since it was last looked at; says whether there was one.

    Whoever notes it first tells it, in the same transaction: so each shift is told once, also of
    several engines, and one that nobody saw begin is told if it still goes on.
    """
    due = Rotation.objects.current().exclude(told_until__gt=at - EVERY)
    row = due.order_by("told_until", "pk").first()
    return _tell(row, at) if row else False


@transaction.atomic
def _tell(row: Rotation, at: datetime) -> bool:
    seen = row.told_until
    mine = Rotation.objects.filter(pk=row.pk, told_until=seen)
    if not mine.update(told_until=at):
        return False
    if seen:  # a new rotation begins quietly
        plan = Rotation.objects.filter(pk=row.pk).plans(at - BACK, at + AHEAD)[row.pk]
        _tell_begun(row, plan, seen, at)
        _tell_coming(row, plan, seen, at)
    return True


def _tell_begun(row: Rotation, plan: Plan, seen: datetime, at: datetime) -> None:
    now = shift_at(plan, at)
    if now.starts_at <= seen or not _takes_over(plan, now):
        return
    if person := _person(now):
        sections = summary(Period(row, since_of(plan, at), at, person))
        notices.begins(row, person, now, sections)


def _tell_coming(row: Rotation, plan: Plan, seen: datetime, at: datetime) -> None:
    for each in shifts(plan, seen + BEFORE, at + BEFORE + TICK):
        is_new = each.starts_at > seen + BEFORE and _is_first(plan, each)
        person = _person(each) if is_new else None
        if person:
            notices.tomorrow(row, person, shift_at(plan, each.starts_at))


def _takes_over(plan: Plan, shift: Shift) -> bool:
    """Whether somebody else was on call before: the last one who was, within a day."""
    before = shifts(plan, shift.starts_at - BEFORE, shift.starts_at)
    last = next((each.person for each in reversed(before) if each.person), None)
    return shift.person is not None and last != shift.person


def _is_first(plan: Plan, shift: Shift) -> bool:
    """Whether this person was not on call in the day before, as in one night after the other."""
    before = shifts(plan, shift.starts_at - BEFORE, shift.starts_at)
    return shift.person is not None and all(each.person != shift.person for each in before)


def _person(shift: Shift) -> User | None:
    return User.objects.active().filter(pk=shift.person).first() if shift.person else None


def expire_swaps(at: datetime) -> None:
    Swap.objects.expire(at)
