"""When maintenance recurs: cron expressions in a time zone, and the windows that they make."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from django.core.exceptions import ValidationError

LONGEST_CRON = 100
SHORTEST_STEP = timedelta(hours=1)  # between two windows: what recurs more often is no maintenance


def validate_cron(text: str) -> None:
    """Raise ValidationError, which says what to write instead."""
    if len(text) > LONGEST_CRON or len(text.split()) != 5:
        raise ValidationError("Write five fields: minute, hour, day of month, month, day of week.")
    try:
        times = CronSim(text, datetime(2025, 1, 1, tzinfo=UTC))
        first = next(times)
    except CronSimError as error:
        raise ValidationError(f"“{text}” is no cron expression: {error}.") from error
    except StopIteration as error:
        raise ValidationError(f"“{text}” names a day that never comes.") from error
    for _, second in zip(range(24), times, strict=False):
        if second - first < SHORTEST_STEP:
            raise ValidationError("It recurs more than once an hour. Let it recur less often.")
        first = second


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name[:60]}” is no time zone. Write one such as Europe/Berlin.")


def starts(cron: str, zone: str, after: datetime) -> Iterator[datetime]:
    """When it begins after this time, in UTC; in its zone it is always the same hour.

    An hour that the change to summer time skips is made up for right after it, and one that the
    change back repeats is taken once, as Debian's cron does.
    """
    for each in CronSim(cron, after.astimezone(ZoneInfo(zone))):
        yield each.astimezone(UTC)
