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
    return CANCELLED if window.cancelled_at else PHASES[window.phase(at)]


def status_of_plan(plan: Maintenance) -> Status:
    """Whatever its windows do."""
    return CANCELLED if plan.cancelled_at else PHASES[Phase.UPCOMING]
