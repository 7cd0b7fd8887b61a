"""What one delivery of a tool contains, whatever the tool; and what is wrong with one."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from portal.monitoring.alerts.reports import LONGEST_LABEL, Report, Unreadable, text_of

MOST_ALERTS = 20_000  # in one delivery
MOST_STARTS = 200  # of one alert in one delivery
MOST_SAID = 3  # alerts of which too much came
NEVER = "0001-01-01"


@dataclass
class Delivery:
    """What came: the alerts, and what was left out of it."""

    reports: list[Report] = field(default_factory=list)
    sender: str = ""
    truncated: int = 0
    errors: list[str] = field(default_factory=list)  # of alerts that could not be read

    def without(self, watchdog: str) -> "Delivery":
        """The same without the alert that only shows that the tool lives."""
        rest = [report for report in self.reports if report.name != watchdog]
        return Delivery(rest, self.sender, self.truncated, self.errors)

    def bounded(self) -> "Delivery":
        """The same with so many starts of each alert, the newest; says what is left out."""
        starts: dict[str, set[datetime]] = {}
        for each in self.reports:
            if each.starts_at:
                starts.setdefault(each.fingerprint, set()).add(each.starts_at)
        oldest = {
            fingerprint: sorted(found)[-MOST_STARTS]
            for fingerprint, found in starts.items()
            if len(found) > MOST_STARTS
        }
        if not oldest:
            return self
        rest = [
            each
            for each in self.reports
            if each.starts_at is None
            or each.fingerprint not in oldest
            or each.starts_at >= oldest[each.fingerprint]
        ]
        said = [_too_many(each[:60], len(starts[each])) for each in oldest]
        return Delivery(rest, self.sender, self.truncated, [*said[:MOST_SAID], *self.errors])


def _too_many(fingerprint: str, count: int) -> str:
    return f"{count} starts of the alert {fingerprint}; only the newest {MOST_STARTS} are taken"


def no_json(error: orjson.JSONDecodeError) -> str:
    """Where a text stops being JSON, for people."""
    what = "it ends too early" if "end of data" in error.msg else "it is wrong"
    return f"This is not JSON: {what} at line {error.lineno}, column {error.colno}."


def parsed(body: bytes) -> Any:
    """JSON, strictly: no NaN, no lone surrogates, not nested without end."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(no_json(error)) from error


def object_of(value: Any, name: str) -> Mapping:
    if not isinstance(value, Mapping):
        raise Unreadable(f"{name} must be an object.")
    return value


def list_of(value: Any, name: str) -> list:
    if not isinstance(value, list):
        raise Unreadable(f"{name} must be a list.")
    if len(value) > MOST_ALERTS:
        raise Unreadable(
            f"{name} has {len(value)} alerts; at most {MOST_ALERTS} are taken at once."
        )
    return value


def first_text(values: Iterable[Any], longest: int = LONGEST_LABEL) -> str:
    """The first of these that is a text or a number."""
    found = (
        text_of(each, longest).strip() for each in values if isinstance(each, str | int | float)
    )
    return next(filter(None, found), "")


def fingerprint_of(name: str, labels: Mapping[str, str]) -> str:
    """Of a tool that gives none: the same name and labels are the same alert."""
    said = orjson.dumps([name, sorted(labels.items())])
    return hashlib.sha256(said).hexdigest()[:32]
