"""The trail of what people and programs did: who, what, when, from where; only ever added to."""

from collections.abc import Iterable
from typing import Any

from auditlog.cid import get_cid
from auditlog.context import auditlog_value
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

ACTIONS = {
    "start": LogEntry.Action.CREATE,
    "draft": LogEntry.Action.CREATE,
    "delete": LogEntry.Action.DELETE,
}


def record(instance, verb: str, *, by=None, **changes: tuple) -> None:
    """Note a verb on a row. `changes`: name -> (before, after); never the text itself.

    Where from and, if `by` is None, who are filled in from the request.
    """
    LogEntry.objects.log_create(instance, **_noted(verb, by, changes))


def record_all(instances: Iterable, verb: str, *, by=None, **changes: tuple) -> None:
    """Note the same verb on many rows; outside of requests, in one query."""
    if auditlog_value.get(None):  # who and where from are filled in one by one
        for instance in instances:
            record(instance, verb, by=by, **changes)
        return
    noted = _noted(verb, by, changes)
    LogEntry.objects.bulk_create(_entry(instance, **noted) for instance in instances)


def _noted(verb: str, by, changes: dict[str, tuple]) -> dict[str, Any]:
    return {
        "action": ACTIONS.get(verb, LogEntry.Action.UPDATE),
        "actor": by,
        "actor_email": getattr(by, "email", None),
        "changes": {name: [str(old), str(new)] for name, (old, new) in changes.items()},
        "additional_data": {"verb": verb},
    }


def _entry(instance, **noted: Any) -> LogEntry:
    """As `log_create` makes it."""
    return LogEntry(
        content_type=ContentType.objects.get_for_model(instance),
        object_pk=instance.pk,
        object_id=instance.pk,
        object_repr=str(instance),
        cid=get_cid(),
        **noted,
    )
