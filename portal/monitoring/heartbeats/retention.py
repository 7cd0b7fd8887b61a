"""How long pings and flips are kept; how many pings, each of them limits by itself."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.monitoring.models import Flip, Ping

LONGEST = 36_500  # days


def forget(now: datetime) -> None:
    """Delete what is older than the settings say; 0 keeps it for ever."""
    kept = {Ping: settings.KEEP_PINGS_DAYS, Flip: settings.KEEP_FLIPS_DAYS}
    for model, days in kept.items():
        if days > 0:
            before = now - timedelta(days=min(days, LONGEST))
            model._default_manager.filter(at__lt=before).delete()
