"""What goes wrong now and wants this person: to acknowledge, to go on with, to do in time."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from incidents.models import Clock, Incident
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import minute_of

from .status import CLOCK, status_of

OPEN = ("Show all", "incidents:incidents")


def cards(user, at: datetime, waiting: set[str]) -> Iterator[Card]:
    """`waiting`: of which of the two there is any."""
    more = (OPEN[0], reverse(OPEN[1]))
    found = _worst(unacknowledged(user)) if "unacknowledged" in waiting else []
    if rows := [_unacknowledged_row(each) for each in found]:
        is_cut = len(rows) == SHOWN
        yield Card("Incidents to acknowledge", rows, Priority.NOW, more, is_counted=not is_cut)
    mine = {each.pk: each for each in _worst(held(user))} if "held" in waiting else {}
    if mine:
        clocks = _pressing(mine, at)
        rows = [_held_row(each, clocks.get(each.pk), at) for each in mine.values()]
        yield Card("Incidents that you work on", rows, Priority.NOW, more)


def unacknowledged(user):
    """What calls nobody waits on the list."""
    return Incident.objects.visible(user).unacknowledged().filter(terms__calls=True)


def held(user):
    return Incident.objects.visible(user).held_by(user).exclude(acknowledged_at=None)


def _worst(rows):
    return rows.order_by("level", "-declared_at")[:SHOWN]


def _pressing(held: dict[int, Incident], at: datetime) -> dict[int, Clock]:
    """The clock of each that is late or due soon; of several the one that is due first."""
    rows = Clock.objects.running().filter(incident__in=held, remind_at__lte=at)
    found: dict[int, Clock] = {}
    for clock in rows.order_by("due_at"):
        found.setdefault(clock.incident_id, clock)
    return found


def _unacknowledged_row(incident: Incident) -> Row:
    take = reverse("incidents:acknowledge", args=[incident.pk])
    act = Act("Acknowledge", take, f" {incident.name}", is_post=True)
    line = f"{incident.severity_name} {incident.name}, since {minute_of(incident.declared_at)}"
    statuses = [status_of(incident)]
    return Row(incident.get_absolute_url(), incident.title, line, act, statuses=statuses)


def _held_row(incident: Incident, clock: Clock | None, at: datetime) -> Row:
    address = incident.get_absolute_url()
    act = Act("Continue", address, f" with {incident.name}")
    line = f"{incident.severity_name} {incident.name}, since {minute_of(incident.declared_at)}"
    if clock:
        line += f"; {clock.get_kind_display().lower()} due by {minute_of(clock.due_at)}"
    status = CLOCK[clock.state(at)] if clock else status_of(incident)
    return Row(address, incident.title, line, act, statuses=[status])
