"""Lengths of time as people write them: 90s, 10m, 1h30m, 7d."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError

SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
PART = re.compile(r"([0-9]{1,6})\s*(min|[smhdw])")
WHOLE = re.compile(rf"(?:{PART.pattern}\s*)+")
HINT = "Write a length of time such as 90s, 10m, 1h30m or 7d."


def duration_of(text: str) -> timedelta:
    """Raises ValidationError for what is no length of time."""
    written = text.strip().lower()
    if not WHOLE.fullmatch(written):
        raise ValidationError(f"“{text[:40]}” is no length of time. {HINT}")
    return timedelta(seconds=sum(int(n) * SECONDS[unit] for n, unit in PART.findall(written)))


def written(duration: timedelta | None) -> str:
    """The same as text, in the largest units: 1h30m; empty for None."""
    if duration is None:
        return ""
    left, parts = round(duration.total_seconds()), []
    for unit in ("d", "h", "m", "s"):
        count, left = divmod(left, SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
