"""What a silence would mute, before it exists."""

from datetime import datetime, timedelta

from portal.monitoring.models import Alert, matchers
from portal.monitoring.muting.causes import labels_of

SHOWN = 20
LOOKED_AT = 5000  # alerts, the newest: enough to tell, and soon done
LATELY = timedelta(days=30)


class Preview:
    """Which alerts that fire now, and how many that fired lately, some matchers match."""

    def __init__(self, column: list[dict], user, at: datetime):
        fits = matchers.ready(matchers.loaded(column))
        rows = Alert.objects.visible(user).select_related("service").order_by("-starts_at", "-pk")
        found = [each for each in rows.firing()[:LOOKED_AT] if fits(labels_of(each))]
        self.firing = found[:SHOWN]
        self.count = len(found)
        since = rows.filter(starts_at__gte=at - LATELY)[:LOOKED_AT]
        self.lately = sum(fits(labels_of(each)) for each in since)
