"""`changed_since=` for rows that have no time of their own: the audit log knows, deletions too."""

from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.db.models import QuerySet

MOST_DELETED = 1000


def changed(rows: QuerySet, at: datetime) -> QuerySet:
    """Those of the rows that were made or changed at this time or later."""
    entries = _entries(rows.model, at).exclude(action=LogEntry.Action.DELETE)
    return rows.filter(pk__in=entries.values("object_id"))


def deleted(model: Any, at: datetime) -> list[str]:
    """The slugs of what was deleted since and does not exist again, the newest first."""
    entries = _entries(model, at).filter(action=LogEntry.Action.DELETE).order_by("-timestamp")
    gone = (entry.changes_dict.get("slug", ("",))[0] for entry in entries[:MOST_DELETED])
    slugs = dict.fromkeys(filter(None, gone))
    back = set(model._default_manager.filter(slug__in=slugs).values_list("slug", flat=True))
    return [slug for slug in slugs if slug not in back]


def _entries(model: Any, at: datetime) -> QuerySet:
    return LogEntry.objects.get_for_model(model).filter(timestamp__gte=at)
