"""All models of this app: one label, one migration history."""

from .alerts import Alert
from .choices import AlertState, IntakeKind
from .flips import Flip
from .heartbeat_choices import FlipReason, HeartbeatState, Signal, Verdict
from .heartbeats import Heartbeat
from .instances import Instance
from .intakes import Intake
from .judgements import Judgement
from .ping_keys import PingKey
from .pings import Call, Ping
from .received import Event, Received

__all__ = [
    "Alert",
    "AlertState",
    "Call",
    "Event",
    "Flip",
    "FlipReason",
    "Heartbeat",
    "HeartbeatState",
    "Instance",
    "Intake",
    "IntakeKind",
    "Judgement",
    "Ping",
    "PingKey",
    "Received",
    "Signal",
    "Verdict",
]
