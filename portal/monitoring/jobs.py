"""What the engine does for this app: each call is one unit and says whether there was one."""

from datetime import datetime

from portal.core.ops import engine

from .heartbeats import announcements, retention
from .models import Heartbeat, Instance


def drop_late(now: datetime) -> bool:
    """Take one heartbeat that did not report in time down."""
    return Instance.objects.drop_one(now)


engine.register("late heartbeats", drop_late)
engine.register("alerts of heartbeats", announcements.announce)
engine.register("pauses of heartbeats", Heartbeat.objects.look_after_pauses)
engine.register("old pings", engine.Hourly(retention.forget))
