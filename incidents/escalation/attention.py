"""What nobody answered, for those who may take it; and policies to fix, for who changes them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from incidents.models import Incident
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import minute_of

from .findings import remembered
from .status import NOBODY, status_of_policy

CHANGE = "incidents.change_escalationpolicy"


def cards(user, at: datetime, *, is_unanswered: bool) -> Iterator[Card]:
    """A query for what nobody answered, where there is any, and one for who changes policies."""
    if is_unanswered and (rows := [_incident(each) for each in _unanswered(user)]):
        yield Card("Nobody answered", rows, Priority.NOW)
    if user.has_perm(CHANGE) and (found := remembered(at)):
        rows = [_policy(*each) for each in found[:SHOWN]]
        more = ("Show all", reverse("incidents:policies"))
        yield Card("Escalation policies to fix", rows, Priority.CARE, more)


def _unanswered(user):
    rows = Incident.objects.visible(user).unanswered()
    return rows.order_by("level", "declared_at", "pk")[:SHOWN]


def _incident(row: Incident) -> Row:
    address = row.get_absolute_url()
    line = f"{row.severity_name}, open since {minute_of(row.declared_at)}"
    act = Act("Open", address, f" {row.name}")
    return Row(address, str(row), line, act, statuses=[NOBODY])


def _policy(policy, findings) -> Row:
    address = policy.get_absolute_url()
    first, *others = findings
    line = first.title + (f" And {len(others)} more." if others else "")
    act = Act("Fix", reverse("incidents:edit-policy", args=[policy.slug]), f": {policy}")
    return Row(address, str(policy), line, act, statuses=[status_of_policy(policy, findings)])
