"""Days: when one begins for the reader, how many there are, and how a page says them."""

from datetime import date, datetime, time

from django.utils.dateformat import format as formatted
from django.utils.timezone import localtime, make_aware


def midnight(of: date) -> datetime:
    """When that day begins for the reader."""
    return make_aware(datetime.combine(of, time.min))


def days(count: int) -> str:
    """So many days in words: “1 day”, “3 days”."""
    return f"{count} day{'' if count == 1 else 's'}"


def day_of(at: datetime) -> str:
    """The reader's day of a time: “3 May”."""
    return formatted(localtime(at), "j M")


def minute_in_week(at: datetime) -> str:
    """A time of these weeks in the reader's zone: “Sat 3 May, 14:05”."""
    return formatted(localtime(at), "D j M, H:i")


def minute_of(at: datetime) -> str:
    """A time in the reader's zone: “3 May 2031, 14:05”."""
    return formatted(localtime(at), "j M Y, H:i")
