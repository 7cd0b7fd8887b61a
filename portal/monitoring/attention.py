"""What fires and nobody has in hand, for those who may take it."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from portal.accounts.people.prepared import PreparedFor
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import minute_of

from .alerts.status import FIRING
from .models import Alert

TAKE = "monitoring.acknowledge_alert"


def cards(user, at: datetime) -> Iterator[Card]:
    """Nothing, and no query, for those who cannot acknowledge."""
    if not user.has_perm(TAKE):
        return
    if rows := [_row(*each) for each in _unattended(user)]:
        more = ("Show all", reverse("monitoring:alerts"))
        is_cut = len(rows) == SHOWN
        yield Card("Alerts to acknowledge", rows, Priority.NOW, more, is_counted=not is_cut)


def _row(pk: int, name: str, service: str | None, starts_at: datetime) -> Row:
    address = reverse("monitoring:alert", args=[pk])
    take = reverse("monitoring:acknowledge-alert", args=[pk])
    act = Act("Acknowledge", take, f" {name}", is_post=True)
    line = f"{service or 'No service was found'}, since {minute_of(starts_at)}"
    return Row(address, name, line, act, statuses=[FIRING], is_code=True)


def _unattended_of(user):
    rows = Alert.objects.unattended().order_by("-starts_at", "-pk")
    return rows.values_list("pk", "name", "service__name", "starts_at")[:SHOWN]


_unattended = PreparedFor(_unattended_of)
