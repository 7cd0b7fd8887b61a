"""What people do to mute and to end it, for pages and API alike: it holds at once for what fires.

Each is a verb of a model, followed by `settle`, which spans all that can mute.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.core.data import clock
from portal.monitoring import notices
from portal.monitoring.models import Alert, Maintenance, Silence, Window

from .settlement import settle


@transaction.atomic
def _settled(act: Callable[..., Any], *given: Any, at: datetime | None, **more: Any) -> Any:
    at = at or clock.now()
    result = act(*given, at=at, **more)
    settle(at)
    return result


def silence(column: list[dict], *, by, at: datetime | None = None, **fields: Any) -> Silence:
    return _settled(Silence.objects.make, column, by=by, at=at, **fields)


def snooze(alert: Alert, *, by, at: datetime | None = None, **fields: Any) -> Silence:
    return _settled(Silence.objects.snooze, alert, by=by, at=at, **fields)


def end(row: Silence | Window, *, by, at: datetime | None = None) -> None:
    """A silence or a window: now; one that has not begun never begins."""
    _settled(row.end, by=by, at=at)


def extend(row: Silence, *, by, ends_at: datetime, at: datetime | None = None) -> None:
    _settled(row.extend, by=by, ends_at=ends_at, at=at)


def change(row: Silence, changes: Mapping[str, Any], *, by, at=None, based_on=None) -> Silence:
    """Of matchers: the new silence that holds from now on. Nothing is heard in between."""
    return _settled(row.change, changes, by=by, at=at, based_on=based_on)


def plan(*, by, at: datetime | None = None, **fields: Any) -> Maintenance:
    return _settled(Maintenance.objects.plan, by=by, at=at, **fields)


@transaction.atomic
def replan(row: Maintenance, changes: Mapping[str, Any], *, by, at=None, based_on=None) -> None:
    """Whoever was told when a running window ends is told when it ends now."""
    moved = _settled(row.change, changes, by=by, at=at, based_on=based_on)
    if moved and moved.start_told_at:
        notices.window_moved(moved)


def cancel(row: Maintenance, *, by, at: datetime | None = None) -> None:
    _settled(row.cancel, by=by, at=at)
