"""What the engine does for this app: each call is one unit and says whether there was one."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.core.ops import engine

from .alerts.names import Names
from .heartbeats import announcements, retention
from .maintenance.announcements import announce, plan_ahead
from .models import Alert, AlertName, Heartbeat, Instance, Received
from .muting.settlement import settle

AT_ONCE = 1000
LONGEST = 36_500  # days


def kept_alerts() -> timedelta | None:
    """How long resolved alerts are kept; None: for ever."""
    return _days(settings.KEEP_ALERTS_DAYS)


def kept_received() -> timedelta | None:
    """How long it is kept what tools sent; None: for ever."""
    return _days(settings.KEEP_RECEIVED_DAYS)


def _days(count: int) -> timedelta | None:
    return timedelta(days=min(count, LONGEST)) if count > 0 else None


def forget(now: datetime) -> None:
    """All of it, in small statements, so that nothing waits for it."""
    for rows, kept in ((Alert.objects, kept_alerts()), (Received.objects, kept_received())):
        while kept and rows.forget(now, kept, AT_ONCE):
            pass
    AlertName.objects.forget_unused()


def drop_late(now: datetime) -> bool:
    """Take one heartbeat that did not report in time down."""
    return Instance.objects.drop_one(now)


engine.register("forgetting alerts", engine.Hourly(forget))
engine.register("late heartbeats", drop_late)
engine.register("alerts of heartbeats", announcements.announce)
engine.register("pauses of heartbeats", Heartbeat.objects.look_after_pauses)
engine.register("forgetting pings", engine.Hourly(retention.forget))
engine.register("planning maintenance", engine.Hourly(plan_ahead))
engine.register("announcing maintenance", announce)
engine.register("muting alerts", settle)
engine.register("names of alerts", Names())
