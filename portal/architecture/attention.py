"""What waits for the people of a service: secrets and settings whose rotation is late."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from portal.accounts.models import Team
from portal.accounts.people.prepared import PreparedFor
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row

from .models import ConfigurationItem


def cards(user, at: datetime) -> Iterator[Card]:
    if not user.has_perm("architecture.view_service"):
        return
    notes = user.has_perm("architecture.change_configurationitem")
    if rows := [_row(notes, *each) for each in _overdue(user, today=localdate(at))]:
        more = ("Show all", reverse("architecture:configuration"))
        priority = Priority.WAITING if notes else Priority.CARE
        is_cut = len(rows) == SHOWN
        yield Card("Secrets to rotate", rows, priority, more, is_counted=not is_cut, is_task=notes)


def _row(notes: bool, pk: int, name: str, slug: str, service: str, kept_in: str, rotated_on) -> Row:
    """It leads to where the rotation is noted, for those who may; others read of it."""
    address = f"{reverse('architecture:configuration')}?service={slug}"
    if notes:
        address = reverse("admin:architecture_configurationitem_change", args=[pk])
    last = f"last rotated on {date_format(rotated_on, 'j M Y')}" if rotated_on else "never rotated"
    line = ", ".join(filter(None, (service, kept_in, last)))
    return Row(address, name, line, Act("Open", address, f" {name} of {service}"), is_code=True)


def _overdue_of(user, *, today):
    rows = ConfigurationItem.objects.filter(service__owner__in=Team.objects.of(user).values("pk"))
    about = ("pk", "name", "service__slug", "service__name", "kept_in", "rotated_on")
    return rows.overdue(on=today).by_due().values_list(*about)[:SHOWN]


_overdue = PreparedFor(_overdue_of)
