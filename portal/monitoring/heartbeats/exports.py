"""What other tools say of the jobs that report to them: their exports, read as heartbeats to be.

Uptime Kuma's `kuma.db` and the JSON backup of its version 1, and what healthchecks answers to
`GET /api/v3/checks/`. What is no job that reports is named, with the reason.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

LARGEST = 50 * 1024 * 1024
SQLITE = b"SQLite format 3\x00"
PUSH = "push"
KUMA_COLUMNS = "id, name, type, interval, active"


class UnknownExport(ValidationError):
    """A file that is none of those which are read."""


@dataclass
class Found:
    """One thing that another tool watches: a heartbeat to be, or why it becomes none."""

    name: str
    origin: str
    about: dict[str, Any] = field(default_factory=dict)
    is_paused: bool = False
    not_taken: str = ""


def read(path: Path) -> list[Found]:
    """All that a file holds. Raises UnknownExport."""
    try:
        if path.stat().st_size > LARGEST:
            raise UnknownExport(f"{path.name} is larger than {LARGEST // 1024**2} MB.")
        with path.open("rb") as file:
            is_database = file.read(len(SQLITE)) == SQLITE
        return list(_kuma_database(path) if is_database else _document(path))
    except OSError as error:
        raise UnknownExport(f"{path} cannot be read: {error.strerror}.") from error


def _document(path: Path) -> Iterator[Found]:
    try:
        whole = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnknownExport(f"{path.name} is neither JSON nor SQLite.") from error
    if isinstance(whole, dict) and isinstance(whole.get("checks"), list):
        return (_check(each) for each in whole["checks"])
    if isinstance(whole, dict) and isinstance(whole.get("monitorList"), list):
        return (_monitor(each) for each in whole["monitorList"])
    raise UnknownExport(
        f"{path.name} is no export of healthchecks (“checks”) or Uptime Kuma (“monitorList”)."
    )


def _kuma_database(path: Path) -> Iterator[Found]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            rows = database.execute(f"SELECT {KUMA_COLUMNS} FROM monitor ORDER BY id")  # noqa: S608
            yield from [_monitor(dict(row)) for row in rows]
    except sqlite3.Error as error:
        raise UnknownExport(f"{path.name} is no database of Uptime Kuma: {error}.") from error


def _monitor(row: Any) -> Found:
    """A monitor of Uptime Kuma: those of the kind “push” are jobs that report."""
    if not isinstance(row, dict):
        return Found("?", "Uptime Kuma", not_taken="it is no object")
    name = _text(row.get("name")) or f"monitor {_text(row.get('id'))}"
    kind = _text(row.get("type"))
    if kind != PUSH:
        why = f"it is a check of the kind {kind or '?'}, and heartbeats are jobs that report"
        return Found(name, "Uptime Kuma", not_taken=why)
    every = _seconds(row.get("interval"))
    if every is None:
        return Found(name, "Uptime Kuma", not_taken="its interval is no number")
    about = {"every": every, "grace": max(every / 10, timedelta(minutes=1))}
    return Found(name, "Uptime Kuma", about, is_paused=not row.get("active", True))


def _check(row: Any) -> Found:
    """A check of healthchecks, by its period or its cron expression."""
    if not isinstance(row, dict):
        return Found("?", "healthchecks", not_taken="it is no object")
    name = _text(row.get("name")) or _text(row.get("slug")) or "without a name"
    about: dict[str, Any] = {
        "slug": _text(row.get("slug")),
        "grace": _seconds(row.get("grace")) or timedelta(hours=1),
        "manual_resume": row.get("manual_resume") is True,
    }
    if schedule := _text(row.get("schedule")):
        about |= {"cron": schedule, "zone": _text(row.get("tz")) or "UTC"}
    elif every := _seconds(row.get("timeout")):
        about["every"] = every
    else:
        return Found(name, "healthchecks", not_taken="it has neither a timeout nor a schedule")
    return Found(name, "healthchecks", about, is_paused=row.get("status") == "paused")


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\x00", "").strip()


def _seconds(value: Any) -> timedelta | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return timedelta(seconds=value) if is_number and 0 < value < 10**9 else None


def repeated(found: Iterable[Found], known: set[str]) -> Iterator[Found]:
    """The same, with those named whose name is there already, in the portal or the file."""
    seen = set(known)
    for each in found:
        if not each.not_taken and each.name in seen:
            each.not_taken = "another heartbeat has this name"
        seen.add(each.name)
        yield each
