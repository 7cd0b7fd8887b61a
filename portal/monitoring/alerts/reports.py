"""What a tool says of one alert, whatever the tool: bounded, and such that a database holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from portal.core.problems import Refused
from portal.monitoring.models.alerts import LONGEST_FINGERPRINT, LONGEST_NAME, LONGEST_URL

MOST_LABELS = 100
LONGEST_LABEL, LONGEST_VALUE, LONGEST_ANNOTATION = 200, 1000, 8000
LONGEST_SEVERITY = 60
AHEAD = timedelta(days=1)  # of our clock, that a time may be and still be believed
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # Go writes “no time” as the year 1
UNNAMED = "unnamed"


class Unreadable(Refused):
    """It is not what is taken; the sentence goes to the tool's log."""


def text_of(value: Any, longest: int) -> str:
    """A value as text without NUL, which PostgreSQL cannot hold, and without lone surrogates.

    Raises Unreadable for what is nested too deeply to be a text.
    """
    if isinstance(value, str) and value.isascii() and "\x00" not in value:
        text = value  # as nearly all are
        return text if len(text) <= longest else text[: longest - 1] + "…"
    if value is None:
        return ""
    text = value if isinstance(value, str) else _plain(value)
    text = text.replace("\x00", "�").encode("utf-8", "replace").decode()
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _plain(value: Any) -> str:
    try:
        return str(value).lower() if isinstance(value, bool) else str(value)
    except RecursionError as error:
        raise Unreadable("A value is nested too deeply.") from error


def link_of(value: Any) -> str:
    """An address of the web that a page may link to; anything else is none."""
    text = text_of(value, LONGEST_URL).strip()
    is_web = text[:8].lower().startswith(("http://", "https://"))
    return text if is_web and text.isprintable() and " " not in text else ""


def texts_of(values: Any, longest: int) -> dict[str, str]:
    """Labels or annotations: names and texts; anything but an object is none."""
    if not isinstance(values, Mapping):
        return {}
    pairs = list(values.items())[:MOST_LABELS]
    return {text_of(name, LONGEST_LABEL): text_of(value, longest) for name, value in pairs}


def time_of(value: Any, *, at: datetime) -> datetime | None:
    """A time as RFC 3339 or seconds since 1970, in UTC whatever its offset.

    None if it is none, or cannot be meant.
    """
    found = _parsed(value)
    return found.astimezone(UTC) if found and EARLIEST < found < at + AHEAD else None


def _parsed(value: Any) -> datetime | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        found = parse_datetime(str(value).strip())
    except (ValueError, OverflowError, OSError):
        return None
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass
class Report:
    """One alert in one delivery. Without `starts_at` the order of arrival has to do."""

    fingerprint: str
    name: str
    is_firing: bool
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    severity: str = ""
    generator_url: str = ""
    runbook_url: str = ""
    is_acknowledged: bool = False
    is_described: bool = True  # False: it names an alert and says nothing new about it
    ends_all: bool = False  # the end is that of every start before it, whichever it names

    def __post_init__(self):
        self.fingerprint = text_of(self.fingerprint, LONGEST_FINGERPRINT)
        self.name = " ".join(text_of(self.name, LONGEST_NAME).split()) or UNNAMED
        self.severity = text_of(self.severity, LONGEST_SEVERITY)
        self.generator_url = link_of(self.generator_url)
        self.runbook_url = link_of(self.runbook_url)

    @property
    def word(self) -> str:
        if self.is_acknowledged:
            return "acknowledged"
        return "firing" if self.is_firing else "resolved"
