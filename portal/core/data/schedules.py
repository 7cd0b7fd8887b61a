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
DAY, MONTH = 2, 3  # places of fields
NAMED = {"minute": 0, "hour": 1, "day-of-month": DAY, "month": MONTH, "day-of-week": 4}
FIELD_WORDS = (  # and what they may be
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31, or L for the last"),
    ("month", "1 to 12, or JAN to DEC"),
    ("day of the week", "0 to 7, or SUN to SAT"),
)
MONTHS = {"2": "February", "4": "April", "6": "June", "9": "September", "11": "November"}


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
        raise ValidationError(_wrong(expression, str(error))) from error
    except StopIteration as error:
        raise ValidationError(f"“{expression}” names a day that never comes.") from error
    return expression


def _wrong(expression: str, error: str) -> str:
    """Which of the five fields is wrong, in plain words, from what the library says."""
    day, month = expression.split()[2:4]
    if "day-of-month" in error and _is_cron(expression, {DAY: day, MONTH: "1"}):
        named = MONTHS.get(month.lstrip("0"))
        if named and day.isdecimal():
            return f"This never happens: {named} has no {day}{_ending(int(day))}."
        return f"This never happens: no month of “{month}” has a day of “{day}”."
    found = next((number for word, number in NAMED.items() if error.endswith(word)), None)
    if found is None:
        return f"“{expression}” is no cron expression."
    name, may_be = FIELD_WORDS[found]
    return f"The {name} “{expression.split()[found]}” is wrong: write {may_be}."


def _is_cron(expression: str, other: dict[int, str]) -> bool:
    """Whether it is one with these fields instead of its own."""
    fields = [other.get(number, each) for number, each in enumerate(expression.split())]
    try:
        CronSim(" ".join(fields), datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError:
        return False
    return True


def _ending(day: int) -> str:
    """Of an ordinal: 30th, 31st."""
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


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
