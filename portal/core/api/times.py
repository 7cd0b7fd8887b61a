"""Times, days and hours as programs send them: RFC 3339, of which nothing is dropped or guessed."""

import re
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

# what parses texts takes far more: a day for its midnight, and an hour without the offset it has
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
HOUR = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")


def moment(text: str) -> datetime | None:
    """The time that a query string names, in UTC if it has no offset; None: it is no time."""
    text = text.replace(" ", "+")  # what becomes of a plus that is not escaped
    try:
        at = parse_datetime(text) if TIME.fullmatch(text) else None
    except ValueError:
        return None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)
