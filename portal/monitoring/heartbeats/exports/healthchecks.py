"""healthchecks: what it answers to `GET /api/v3/checks/`."""

from datetime import timedelta
from typing import Any

from .found import Found, seconds, text

ORIGIN = "healthchecks"


def check(row: Any) -> Found:
    """One of its checks, by its period or its cron expression."""
    if not isinstance(row, dict):
        return Found("?", ORIGIN, not_taken="it is no object")
    name = text(row.get("name")) or text(row.get("slug")) or "without a name"
    about: dict[str, Any] = {
        "slug": text(row.get("slug")),
        "grace": seconds(row.get("grace")) or timedelta(hours=1),
        "manual_resume": row.get("manual_resume") is True,
    }
    if schedule := text(row.get("schedule")):
        about |= {"cron": schedule, "zone": text(row.get("tz")) or "UTC"}
    elif every := seconds(row.get("timeout")):
        about["every"] = every
    else:
        return Found(name, ORIGIN, not_taken="it has neither a timeout nor a schedule")
    return Found(name, ORIGIN, about, is_paused=row.get("status") == "paused")
