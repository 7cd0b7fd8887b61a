"""What fires and nobody has in hand, for those who may take it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, When
from django.db.models.functions import Lower, Trim
from django.urls import reverse
from django.utils.text import Truncator

from portal.accounts.people.prepared import PreparedFor
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import minute_of
from portal.core.web.navigation import Handled, handled

from .alerts.status import status_of_severity
from .models import Alert
from .models.severities import CALM

LONGEST = 160  # characters of a summary
DOT = "·"
TAKE = "monitoring.acknowledge_alert"


def cards(user, at: datetime) -> Iterator[Card]:
    """Nothing, and no query, for those who cannot acknowledge."""
    if not user.has_perm(TAKE):
        return
    found = list(_unattended(user))
    places = handled("alert", [each[0] for each in found], user)
    if rows := [_row(*each, place=places.get(each[0])) for each in found]:
        more = ("Show all", reverse("monitoring:alerts"))
        is_cut = len(rows) == SHOWN
        yield Card("Alerts to acknowledge", rows, Priority.NOW, more, is_counted=not is_cut)


def _row(
    pk: int,
    name: str,
    service: str | None,
    starts_at: datetime,
    severity: str,
    annotations: dict,
    *,
    place: Handled | None,
) -> Row:
    address = reverse("monitoring:alert", args=[pk])
    take = reverse("monitoring:acknowledge-alert", args=[pk])
    act = Act("Acknowledge", take, f" {name}", is_post=True)
    where = f"{service or 'No service was found'}, since {minute_of(starts_at)}"
    where += f" {DOT} in {place.name}, {place.who}" if place else ""
    summary = Truncator(Alert(annotations=annotations).summary).chars(LONGEST)
    line = f"{summary} {DOT} {where}" if summary else where
    return Row(address, name, line, act, statuses=[status_of_severity(severity)], is_code=True)


def _unattended_of(user):
    """The urgent ones first, of these the newest."""
    is_calm = Case(When(word__in=CALM, then=1), default=0)
    rows = Alert.objects.unattended().alias(word=Lower(Trim("severity")), is_calm=is_calm)
    rows = rows.order_by("is_calm", "-starts_at", "-pk")
    columns = ("pk", "name", "service__name", "starts_at", "severity", "annotations")
    return rows.values_list(*columns)[:SHOWN]


_unattended = PreparedFor(_unattended_of)
