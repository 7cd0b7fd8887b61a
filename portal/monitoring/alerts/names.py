"""What the engine does so that the search knows every name that alerts have."""

from datetime import datetime

from portal.monitoring.models import Alert, AlertName

MARGIN = 1000  # alerts: those of deliveries that began before, and were stored after


class Names:
    """Notes the names of alerts that came since it looked last; the first time, of all."""

    def __init__(self) -> None:
        self.newest = 0

    def __call__(self, now: datetime) -> bool:
        newest = Alert.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if newest == self.newest:
            return False
        rows = Alert.objects.filter(pk__gt=self.newest - MARGIN).order_by("pk")
        found = dict(rows.values_list("name", "service_id").iterator())
        is_news = AlertName.objects.note(found)
        self.newest = newest
        return is_news
