"""`changed_since=` for rows that have no time of their own: the audit log knows, deletions too."""

from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.db.models import QuerySet

from .filters import since

MOST_DELETED = 1000


def changed(rows: QuerySet, at: datetime) -> QuerySet:
    """Those of the rows that were made or changed at this time or later."""
    entries = _entries(rows.model, at).exclude(action=LogEntry.Action.DELETE)
    return rows.filter(pk__in=entries.values("object_id"))


def told(model: Any, params, **had: str) -> dict[str, list[str]]:
    """`deleted`, where somebody asks what changed: the slugs of what is gone that `had` this."""
    at = since(params)
    return {"deleted": deleted(model, at, **had)} if at else {}


def deleted(model: Any, at: datetime, **had: str) -> list[str]:
    """The slugs of what was deleted since and does not exist again, the newest first."""
    entries = _entries(model, at).filter(action=LogEntry.Action.DELETE).order_by("-timestamp")
    gone = [entry for entry in entries[:MOST_DELETED] if _had(entry, had)]
    slugs = dict.fromkeys(filter(None, (_old(entry, "slug") for entry in gone)))
    back = set(model._default_manager.filter(slug__in=slugs).values_list("slug", flat=True))
    return [slug for slug in slugs if slug not in back]


def _had(entry: LogEntry, values: dict[str, str]) -> bool:
    return all(_old(entry, name) == value for name, value in values.items())


def _old(entry: LogEntry, name: str) -> str:
    return entry.changes_dict.get(name, ("",))[0]


def _entries(model: Any, at: datetime) -> QuerySet:
    return LogEntry.objects.get_for_model(model).filter(timestamp__gte=at)
