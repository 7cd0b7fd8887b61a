"""All models of this app: one label, one migration history."""

from .alert_names import AlertName
from .alerts import Alert
from .choices import AlertState, IntakeKind, MutedBy, Phase
from .flips import Flip
from .heartbeat_choices import FlipReason, HeartbeatState, Signal, Verdict
from .heartbeats import Heartbeat
from .instances import Instance
from .intakes import Intake
from .maintenance import Maintenance
from .mutings import Muting
from .ping_keys import PingKey
from .pings import Call, Ping
from .ratings import Rating
from .received import Event, Received
from .silences import Silence
from .windows import Window

__all__ = [
    "Alert",
    "AlertName",
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
    "Maintenance",
    "MutedBy",
    "Muting",
    "Phase",
    "Ping",
    "PingKey",
    "Rating",
    "Received",
    "Signal",
    "Silence",
    "Verdict",
    "Window",
]
