"""Messages that wait for somebody's approval, for those who may give it."""

from collections.abc import Iterator

from incidents.models import Communication
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import minute_of

from .status import status_of


def cards(user) -> Iterator[Card]:
    """For whom something waits; they have been asked for before."""
    found = Communication.objects.to_approve_by(user).select_related("incident", "author")
    if rows := [_row(each) for each in found.order_by("submitted_at", "pk")[:SHOWN]]:
        yield Card("Messages to approve", rows, Priority.NOW)


def _row(message: Communication) -> Row:
    address, incident = message.get_absolute_url(), message.incident
    since = minute_of(message.submitted_at) if message.submitted_at else ""
    line = f"{incident.name}, {message.author or 'who has left'} asks since {since}"
    act = Act("Review", address, f": {message}, {incident.name}")
    return Row(address, f"{message}: {message.subject}", line, act, statuses=[status_of(message)])
