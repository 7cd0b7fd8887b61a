"""What the engine does for this app: each call is one unit and says whether there was one."""

import logging
import socket
from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings

from portal.core.data import clock
from portal.core.ops import engine
from portal.core.problems import Overtaken

from .models import Beat, ContactMethod, Delivery
from .transports import configured

AT_ONCE = 1000
LONGEST = 36_500  # days
MAIL = "mail"
MAILERS = 4  # at once, so that a mail server which hangs at one message delays no other
SENDERS = 8  # at once to other targets, none of which occupies more than one

BROUGHT_BACK = "A clock had jumped, and it was put off to a far day. It is sent now."

log = logging.getLogger(__name__)
_claiming = Lock()  # by the workers in turns: of several at once all want the same, and one gets it


def beat(now: datetime) -> bool:
    """Show that this engine lives; never a unit that others wait for."""
    Beat.objects.beat(socket.gethostname(), at=now)
    return False


def report(now: datetime) -> bool:
    """Show the dead man's switch outside that this engine lives: it tells when it hears nothing."""
    if settings.DEAD_MAN_URL:
        Beat.objects.report(socket.gethostname(), settings.DEAD_MAN_URL, at=now)
    return False


def deliver(now: datetime) -> bool:
    """Mail one delivery that is due. Without a mail server all of them stay waiting."""
    return _deliver(now, [name for name in configured() if name == MAIL])


def deliver_elsewhere(now: datetime) -> bool:
    """Send one delivery that is due and goes by any other transport."""
    return _deliver(now, [name for name in configured() if name != MAIL])


def _deliver(now: datetime, transports: list[str]) -> bool:
    with _claiming:
        delivery = Delivery.claim(now, *transports) if transports else None
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
    """Remove the texts and attempts of deliveries that ended long ago, some at a time."""
    kept = kept_for()
    return kept is not None and Delivery.objects.forget(now, kept, AT_ONCE) > 0


def forget_removed(now: datetime) -> bool:
    """Forget the addresses of removed contact methods that were told, or could not be."""
    but = Delivery.objects.farewells().order_by().values("contact_method")
    return ContactMethod.objects.forget_removed(now, but=but) > 0


def kept_for() -> timedelta | None:
    """How long texts of what was sent are kept; None: for ever."""
    days = min(settings.KEEP_DELIVERIES_DAYS, LONGEST // 4)
    return timedelta(days=days) if days > 0 else None


engine.register("beat", beat)
engine.register("dead man's switch", report)
engine.register("deliveries far ahead", bring_back)
engine.register("deliveries", deliver, workers=MAILERS)
engine.register("deliveries to channels", deliver_elsewhere, workers=SENDERS)
engine.register("forgetting deliveries", forget)
engine.register("forgetting addresses", forget_removed)
