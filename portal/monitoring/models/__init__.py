from .flips import Flip
from .heartbeat_choices import FlipReason, HeartbeatState, Signal, Verdict
from .heartbeats import Heartbeat
from .instances import Instance
from .ping_keys import PingKey
from .pings import Call, Ping

__all__ = [
    "Call",
    "Flip",
    "FlipReason",
    "Heartbeat",
    "HeartbeatState",
    "Instance",
    "Ping",
    "PingKey",
    "Signal",
    "Verdict",
]
