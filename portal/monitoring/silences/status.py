"""How a silence is shown."""

from datetime import datetime

from portal.core.web.status import Status
from portal.monitoring.models import Phase, Silence

PHASES = {
    Phase.ACTIVE: Status("run", "mute", "Active"),
    Phase.UPCOMING: Status("idle", "clock", "Upcoming"),
    Phase.PAST: Status("idle", "history", "Past"),
}


def status_of_silence(silence: Silence, at: datetime) -> Status:
    return PHASES[silence.phase(at)]
