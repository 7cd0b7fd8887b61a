"""Hours of a layer as people write them, a line each: “Mon-Fri 18:00-08:00”."""

import re
from collections.abc import Iterable
from datetime import time

from django.core.exceptions import ValidationError

from .plans import Hours

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NUMBERS = {name.lower(): number for number, name in enumerate(NAMES)}
LINE = re.compile(r"([A-Za-z,\s\u2013-]+)(\d{1,2}:\d{2})\s*[\u2013-]\s*(\d{1,2}:\d{2})")
MIDNIGHT = "24:00"
HINT = "Such as Mon-Fri 18:00-08:00 or Sat,Sun 00:00-24:00."


def hours_of(text: str) -> tuple[Hours, ...]:
    """Raises ValidationError for a line that says no hours."""
    return tuple(_hours(line.strip()) for line in text.splitlines() if line.strip())


def _hours(line: str) -> Hours:
    found = LINE.fullmatch(line)
    try:
        if not found:
            raise ValueError
        days, begins, ends = found.groups()
        return Hours(_days(days), _time(begins), _time(ends))
    except ValueError as error:
        raise ValidationError(f"“{line[:40]}” says no days and hours. {HINT}") from error


def _time(text: str) -> time:
    if text == MIDNIGHT:
        return time(0)
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    ranges = "-".join(part.strip() for part in re.split("[\u2013-]", text.strip()))
    for part in ranges.replace(",", " ").split():
        first, _, last = part.partition("-")
        begin, end = _day(first), _day(last or first)
        found |= {each % 7 for each in range(begin, end + 1 if end >= begin else end + 8)}
    if not found:
        raise ValueError
    return frozenset(found)


def _day(word: str) -> int:
    number = NUMBERS.get(word[:3].lower())
    if number is None:
        raise ValueError
    return number


def written(hours: Iterable[Hours]) -> str:
    """The same as text."""
    return "\n".join(map(line_of, hours))


def line_of(hours: Hours) -> str:
    ends = MIDNIGHT if hours.ends == time(0) else f"{hours.ends:%H:%M}"
    return f"{_named(sorted(hours.weekdays))} {hours.begins:%H:%M}-{ends}"


def _named(days: list[int]) -> str:
    """Days that follow each other as a range."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [f"{NAMES[r[0]]}-{NAMES[r[-1]]}" if len(r) > 2 else _list(r) for r in runs]
    return ",".join(parts)


def _list(days: list[int]) -> str:
    return ",".join(NAMES[day] for day in days)
