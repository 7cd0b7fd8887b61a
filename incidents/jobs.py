"""What the engine does for this app: each call is one unit and says whether there was one."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.core.ops import engine

from .models import StatusSubscription
from .statuspage import public

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


engine.register("status page", StatusFile())
engine.register("forgetting subscriptions", engine.Hourly(forget_subscriptions))
