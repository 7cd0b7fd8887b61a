"""What the engine does for this app: each call is one unit and says whether there was one."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.core.ops import engine

from .clocks import reminders
from .escalation import engine as escalation
from .escalation import outcomes, repeats
from .files.pdf import PRINTED
from .models import StatusSubscription
from .oncall import handovers
from .opening import endings
from .opening.alerts import Opening
from .statuspage import public

CALLERS = 2  # at once, so that many incidents that open together call within a moment
REDRAWN = timedelta(seconds=15)


class StatusFile:
    """Writes the public page every few seconds, for when the database is away."""

    def __init__(self):
        self.done_at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        is_fresh = self.done_at and self.done_at <= now < self.done_at + REDRAWN
        if not settings.PUBLIC_STATUS or is_fresh:
            return False
        self.done_at = now
        return public.write(now)


def forget_subscriptions(now: datetime) -> None:
    """Those that nobody confirmed."""
    StatusSubscription.objects.lapsed(now).delete()


engine.register("escalation", escalation.take_due, workers=CALLERS)
engine.register("outcomes of calls", engine.InTurn(outcomes.note_arrived, outcomes.note_failed))
engine.register(
    "incidents of alerts",
    engine.InTurn(Opening(), endings.follow),
)
engine.register(
    "clocks and calls of incidents",
    engine.InTurn(
        reminders.remind,
        reminders.miss,
        repeats.call_idle,
        repeats.call_unanswered,
        repeats.bring_back,
        handovers.tell_shifts,
    ),
)
engine.register(
    "upkeep of incidents",
    engine.InTurn(
        StatusFile(),
        engine.Hourly(handovers.expire_swaps),
        engine.Hourly(forget_subscriptions),
        engine.Hourly(PRINTED.sweep),
    ),
)
