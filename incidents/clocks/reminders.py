"""Clocks that run out: people are reminded before, and told after."""

from datetime import datetime

from django.db import transaction

from incidents import notices
from incidents.models import Clock, Incident
from portal.core.data import crash_points


def remind(now: datetime) -> bool:
    """Remind of one clock that is due soon; says whether there was one."""
    clock = Clock.objects.to_remind(now).order_by("remind_at", "pk").first()
    if clock is None:
        return False
    with transaction.atomic():
        if clock.note_once("reminded_at", now) and clock.due_at > now:
            notices.clock_due(clock.incident, clock, is_late=False)
    return True


def miss(now: datetime) -> bool:
    """Tell of one clock that is late; says whether there was one."""
    clock = Clock.objects.to_miss(now).order_by("due_at", "pk").first()
    if clock is None:
        return False
    tell_late(clock, now)
    return True


@transaction.atomic
def tell_late(clock: Clock, now: datetime) -> bool:
    """False: another engine told it, or it was done meanwhile."""
    incident: Incident = clock.incident
    incident.take_turn()  # before the clock, as every verb does
    if not clock.note_once("missed_at", now):
        return False
    incident.note_late(clock, at=now)
    notices.clock_due(incident, clock, is_late=True)
    crash_points.reach("late")
    return True
