"""How a channel is shown."""

from portal.core.web.status import Status
from portal.notifications.models import Channel

OFF = Status("idle", "mute", "Switched off")
FAILING = Status("bad", "fail", "Failing")
ACTIVE = Status("ok", "ok", "Active")


def status_of(channel: Channel) -> Status:
    if not channel.is_active:
        return OFF
    return FAILING if channel.failures else ACTIVE
