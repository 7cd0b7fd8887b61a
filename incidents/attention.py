"""What this app puts on the first page: each room has its part of it."""

from collections.abc import Iterator
from datetime import datetime

from portal.accounts.people.prepared import Waiting
from portal.core.web.attention import Card

from .communication import attention as communication
from .escalation import attention as escalation
from .models import Communication, Incident
from .models.teamwork import WORK
from .oncall import attention as oncall
from .room import attention as room


def _questions(user) -> dict:
    return {
        "unacknowledged": room.unacknowledged(user),
        "held": room.held(user),
        "unanswered": Incident.objects.visible(user).unanswered(),
        "messages": Communication.objects.to_approve_by(user),
    }


_waiting = Waiting(["unacknowledged", "held", "unanswered", "messages"], _questions)


def cards(user, at: datetime) -> Iterator[Card]:
    """What waits for those who work on incidents is asked in one query, and then only read."""
    waiting = _waiting(user) if user.has_perm(WORK) else set()
    if waiting & {"unacknowledged", "held"}:
        yield from room.cards(user, at, waiting)
    if "messages" in waiting:
        yield from communication.cards(user)
    yield from escalation.cards(user, at, is_unanswered="unanswered" in waiting)
    yield from oncall.cards(user, at)
