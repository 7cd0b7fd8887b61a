"""What the engine does for maintenance: windows of what recurs, and their announcements."""

from datetime import datetime

from django.db import transaction

from portal.core.data import crash_points
from portal.monitoring import notices
from portal.monitoring.models import Maintenance, Window

AT_ONCE = 20
LOADED = ("maintenance__planned_by", "ended_by")


def plan_ahead(at: datetime) -> None:
    """Make the next windows of all that recurs."""
    for plan in Maintenance.objects.recurring(at):
        plan.extend(at)


def announce(at: datetime) -> bool:
    """Tell of windows that begin or end, each once; says whether there was one."""
    begin = Window.objects.to_announce_start(at).select_related(*LOADED)[:AT_ONCE]
    told = [_tell(each, "start", at) for each in begin]
    over = Window.objects.to_announce_end(at).select_related(*LOADED)[:AT_ONCE]
    told += [_tell(each, "end", at) for each in over]
    return any(told)


@transaction.atomic
def _tell(window: Window, what: str, at: datetime) -> bool:
    """Whoever notes it first tells it, in the same transaction."""
    if not window.announced(what, at):
        return False
    crash_points.reach("window")
    (notices.window_began if what == "start" else notices.window_ended)(window)
    return True
