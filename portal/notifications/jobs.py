"""What the engine does for this app: each call is one unit and says whether there was one."""

import logging
import socket
from datetime import datetime, timedelta

from django.conf import settings

from portal.core.data import clock
from portal.core.ops import engine
from portal.core.problems import Overtaken

from .models import Beat, Delivery
from .transports import mail

AT_ONCE = 1000
LONGEST = 36_500  # days
SENDERS = 4  # at once, so that a mail server which hangs at one message delays no other

BROUGHT_BACK = "A clock had jumped, and it was put off to a far day. It is sent now."

log = logging.getLogger(__name__)


def beat(now: datetime) -> bool:
    """Show that this engine lives; never a unit that others wait for."""
    Beat.objects.beat(socket.gethostname(), at=now)
    return False


def deliver(now: datetime) -> bool:
    """Send one delivery that is due. Without a mail server all of them stay waiting."""
    rows = Delivery.objects.select_related("recipient")
    delivery = rows.claim(now) if mail.is_configured() else None
    if delivery is None:
        return False
    try:
        delivery.send(clock.now())
    except Overtaken as refusal:
        log.warning("%s: %s", delivery, refusal.detail)
    return True


def bring_back(now: datetime) -> bool:
    """Send what a clock that had jumped put off to some far day, and tell of it."""
    if count := Delivery.objects.bring_back(now, last_error=BROUGHT_BACK):
        log.error("A clock had jumped: %d deliveries were due on a far day, and are now.", count)
    return False


def forget(now: datetime) -> bool:
    """Empty the texts of deliveries that ended long ago, some at a time."""
    days = min(settings.KEEP_DELIVERIES_DAYS, LONGEST // 4)
    return days > 0 and Delivery.objects.forget(now, timedelta(days=days), AT_ONCE) > 0


engine.register("beat", beat)
engine.register("deliveries far ahead", bring_back)
engine.register("deliveries", deliver, workers=SENDERS)
engine.register("forgetting deliveries", forget)
