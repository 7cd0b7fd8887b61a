"""What this app puts on the first page: each room has its part of it."""

from collections.abc import Iterator
from datetime import datetime

from portal.core.web.attention import Card

from .escalation import attention as escalation
from .oncall import attention as oncall
from .room import attention as room


def cards(user, at: datetime) -> Iterator[Card]:
    yield from room.cards(user, at)
    yield from escalation.cards(user, at)
    yield from oncall.cards(user, at)
