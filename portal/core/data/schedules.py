"""When something recurs: cron expressions as Debian's cron reads them, in a time zone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from django.core.exceptions import ValidationError

LONGEST_CRON = 100
FIELDS = 5  # minute, hour, day of month, month, day of week
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
SHOWN = 5


def normalised(text: str) -> str:
    """The expression in five fields; nicknames such as @daily are translated.

    Raises ValidationError, which says what is wrong and what to write instead.
    """
    words = " ".join(text.split())
    expression = NICKNAMES.get(words.lower(), words)
    if expression.startswith("@"):
        known = ", ".join(NICKNAMES)
        raise ValidationError(f"“{words}” is no time of day. Write five fields, or one of {known}.")
    if len(expression) > LONGEST_CRON:
        raise ValidationError(f"A cron expression has at most {LONGEST_CRON} characters.")
    count = len(expression.split())
    if count == FIELDS + 1:
        raise ValidationError("It has six fields. Write five: there are no seconds here.")
    if count != FIELDS:
        raise ValidationError(
            f"It has {count} of five fields: minute, hour, day of month, month, day of week."
        )
    try:
        next(CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise ValidationError(f"“{expression}” is no cron expression: {error}.") from error
    except StopIteration as error:
        raise ValidationError(f"“{expression}” names a day that never comes.") from error
    return expression


def known_zone(name: str) -> str:
    """The name of a time zone as it is; raises ValidationError for any other text."""
    if name not in available_timezones():
        raise ValidationError(f"“{name[:60]}” is no time zone. Write one such as Europe/Berlin.")
    return name


def runs(expression: str, zone: str, after: datetime) -> Iterator[datetime]:
    """The times after this one at which cron would start it, in its zone."""
    return CronSim(expression, after.astimezone(ZoneInfo(zone)))


def next_run(expression: str, zone: str, after: datetime) -> datetime:
    """In UTC: adding to a time of a zone would ignore that its clocks change."""
    return next(runs(expression, zone, after)).astimezone(UTC)


def next_runs(expression: str, zone: str, after: datetime, count: int = SHOWN) -> list[datetime]:
    return list(islice(runs(expression, zone, after), count))


def in_words(expression: str) -> str:
    """As people say it: “At 03:00, every day of the month”."""
    said: str = CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)).explain()
    return said
