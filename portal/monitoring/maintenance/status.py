"""How maintenance is shown."""

from datetime import datetime

from portal.core.web.status import Status
from portal.monitoring.models import Maintenance, Phase, Window

PHASES = {
    Phase.ACTIVE: Status("run", "play", "Under way"),
    Phase.UPCOMING: Status("idle", "calendar", "Planned"),
    Phase.PAST: Status("idle", "history", "Over"),
}
CANCELLED = Status("idle", "none", "Cancelled")


def status_of(window: Window, at: datetime) -> Status:
    """Of a window that was read with its plan."""
    plan_ended = window.maintenance.cancelled_at
    is_cancelled = window.cancelled_at or (plan_ended and plan_ended <= window.starts_at)
    return CANCELLED if is_cancelled else PHASES[window.phase(at)]


def status_of_plan(plan: Maintenance) -> Status:
    """Whatever its windows do."""
    return CANCELLED if plan.cancelled_at else PHASES[Phase.UPCOMING]
