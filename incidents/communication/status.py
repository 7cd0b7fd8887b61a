"""How communications and their arrival are shown."""

from incidents.models import ClockState, CommunicationState
from portal.core.web.status import Status

STATES = {
    CommunicationState.DRAFT: Status("idle", "draft", "Draft"),
    CommunicationState.WAITING: Status("review", "eye", "Waiting for approval"),
    CommunicationState.RETURNED: Status("warn", "left", "Sent back", True),
    CommunicationState.SENT: Status("ok", "send", "Sent"),
    CommunicationState.WITHDRAWN: Status("idle", "x", "Withdrawn"),
}
CLOCKS = {
    ClockState.RUNNING: Status("run", "clock", "Running"),
    ClockState.DUE_SOON: Status("warn", "stale", "Due soon"),
    ClockState.LATE: Status("bad", "late", "Late", True),
    ClockState.MET: Status("ok", "ok", "Met"),
    ClockState.MISSED: Status("bad", "late", "Missed"),
    ClockState.STOPPED: Status("idle", "stop", "Stopped"),
}


def status_of(communication) -> Status:
    return STATES[CommunicationState(communication.state)]


def clock_status(state: str) -> Status:
    return CLOCKS[ClockState(state)]
