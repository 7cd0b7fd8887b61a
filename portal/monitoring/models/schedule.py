"""When maintenance recurs, and the windows that it makes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError

from portal.core.data import schedules

SHORTEST_STEP = timedelta(hours=1)  # between two windows: what recurs more often is no maintenance
LOOKED_AT = 25  # windows, for that
SOME_DAY = datetime(2025, 1, 1, tzinfo=UTC)


def validate_cron(text: str) -> None:
    """Raise ValidationError, which says what to write instead."""
    expression = schedules.normalised(text)
    if expression != text:
        raise ValidationError(f"Write “{expression}”.")
    times = schedules.next_runs(expression, "UTC", SOME_DAY, LOOKED_AT)
    if any(second - first < SHORTEST_STEP for first, second in pairwise(times)):
        raise ValidationError("It recurs more than once an hour. Let it recur less often.")


def validate_zone(name: str) -> None:
    schedules.known_zone(name)


def starts(cron: str, zone: str, after: datetime) -> Iterator[datetime]:
    """When it begins after this time, in UTC; in its zone it is always the same hour.

    An hour that the change to summer time skips is made up for right after it, and one that the
    change back repeats is taken once, as Debian's cron does.
    """
    return (each.astimezone(UTC) for each in schedules.runs(cron, zone, after))
