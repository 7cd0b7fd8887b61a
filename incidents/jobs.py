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

CALLERS = 4  # at once, so that many incidents that open together call within a moment
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


engine.register("telling of shifts", handovers.tell_shifts)
engine.register("swaps that nobody answered", engine.Hourly(handovers.expire_swaps))

engine.register("escalation", escalation.take_due, workers=CALLERS)
engine.register("calls that arrived", outcomes.note_arrived)
engine.register("calls that failed", outcomes.note_failed)
engine.register("idle incidents", repeats.call_idle)
engine.register("incidents that nobody answered", repeats.call_unanswered)
engine.register("escalations far ahead", repeats.bring_back)

engine.register("clocks due soon", reminders.remind)
engine.register("late clocks", reminders.miss)

engine.register("incidents of alerts", Opening())
engine.register("alerts of incidents", endings.follow)

engine.register("status page", StatusFile())
engine.register("forgetting subscriptions", engine.Hourly(forget_subscriptions))
engine.register("old PDFs of incidents", engine.Hourly(PRINTED.sweep))
