"""What the engine does for this app: muting as it comes and goes, announcing, forgetting."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.core.ops import engine

from .maintenance.announcements import announce, plan_ahead
from .models import Alert, Received
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


engine.register("forgetting alerts", engine.Hourly(forget))
engine.register("planning maintenance", engine.Hourly(plan_ahead))
engine.register("announcing maintenance", announce)
engine.register("muting alerts", settle)
