"""Calling again: what was acknowledged and lies idle, and what nobody answered."""

import logging
from datetime import datetime

from incidents.models import Escalation, Incident

log = logging.getLogger(__name__)
BROUGHT_BACK = "A clock had jumped: %d escalations were due on a far day, and are now."


def call_idle(now: datetime) -> bool:
    """Start again for one incident that was acknowledged, and in which nothing happened since."""
    incident = Incident.objects.idle(now).order_by("idle_at", "pk").first()
    return incident is not None and incident.call_again(at=now)


def call_unanswered(now: datetime) -> bool:
    """Start again for one incident that nobody answered."""
    rows = Escalation.objects.to_repeat(now).select_related("incident")
    escalation = rows.order_by("again_at", "pk").first()
    if escalation is None:
        return False
    escalation.incident.repeat_calls(at=now)
    return True


def bring_back(now: datetime) -> bool:
    """Take now what a clock that had jumped put off to some far day."""
    if count := Escalation.objects.bring_back(now):
        log.error(BROUGHT_BACK, count)
    return False
