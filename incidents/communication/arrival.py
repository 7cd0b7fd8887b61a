"""Whether what was sent arrived, as the deliveries say."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count

from incidents.models import Communication
from portal.core.web.status import Status
from portal.notifications.models import Delivery, DeliveryState

SHOWN = 20


class Arrival:
    """Of one communication: how many deliveries there are in each state."""

    def __init__(self, counts: Counter):
        self.total = sum(counts.values())
        self.sent = counts[DeliveryState.SENT]
        self.failed = counts[DeliveryState.FAILED]
        self.waiting = counts[DeliveryState.WAITING] + counts[DeliveryState.SENDING]

    @property
    def status(self) -> Status | None:
        if not self.total:
            return None
        if self.failed:
            return Status("bad", "fail", f"{self.failed} of {self.total} failed", True)
        if self.waiting:
            return Status("run", "clock", f"Delivered {self.sent} of {self.total}")
        return Status("ok", "ok", f"Delivered {self.sent} of {self.total}")


def arrivals(rows: Iterable[Communication]) -> dict[int, Arrival]:
    """By the key of each communication, in one query."""
    keys = {row.key: row.pk for row in rows}
    found: dict[int, Counter] = {pk: Counter() for pk in keys.values()}
    counted = Delivery.objects.of_event(*keys).order_by().values_list("key", "state")
    for key, state, count in counted.annotate(count=Count("pk")):
        found[keys[key]][state] = count
    return {pk: Arrival(counts) for pk, counts in found.items()}


def failed(row: Communication):
    """Those that did not arrive, the newest first."""
    rows = Delivery.objects.of_event(row.key).filter(state=DeliveryState.FAILED)
    return rows.select_related("recipient", "channel").order_by("-pk")[:SHOWN]
