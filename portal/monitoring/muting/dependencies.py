"""Which alerts stand under another one: their service cannot work while what it needs is down.

A service that needs another one hard stops with it, also through others. Where services need each
other in a circle, what fired first stands above; so somebody is called for each circle. An alert
never stands under a milder one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from portal.architecture.models import Dependency
from portal.monitoring.models import Alert, severities


def rank(alert: Alert) -> int:
    return severities.rank(alert.severity)


class Needs:
    """What services need hard, directly and through others."""

    def __init__(self, pairs: Iterable[tuple[int, int]]):
        self.direct: dict[int, list[int]] = defaultdict(list)
        for source, target in pairs:
            self.direct[source].append(target)
        self.known: dict[int, set[int]] = {}

    @classmethod
    def load(cls, alerts: Iterable[Alert]) -> "Needs":
        """One query; none where fewer than two services fire."""
        if len({each.service_id for each in alerts if each.service_id}) < 2:
            return cls([])
        rows = Dependency.objects.filter(hard=True, target__isnull=False).order_by()
        return cls(rows.values_list("source_id", "target_id"))

    def of(self, service: int) -> set[int]:
        """Each once, so circles end; a service in a circle needs itself."""
        if service not in self.known:
            found: set[int] = set()
            waiting = [service]
            while waiting:
                fresh = [each for each in self.direct.get(waiting.pop(), ()) if each not in found]
                found.update(fresh)
                waiting += fresh
            self.known[service] = found
        return self.known[service]


def grouped(alerts: Iterable[Alert], needs: Needs) -> Iterator[tuple[Alert, Alert]]:
    """Alerts that stand under another one, each with the one that stands above all of its own."""
    by_service: dict[int, list[Alert]] = defaultdict(list)
    for alert in sorted(alerts, key=_age):
        if alert.service_id:
            by_service[alert.service_id].append(alert)
    above: dict[int, Alert] = {}
    for service, mine in by_service.items():
        needed = [each for each in needs.of(service) if each != service and each in by_service]
        for alert in mine if needed else ():
            over = [_first_above(alert, by_service[each], needs) for each in needed]
            if known := [each for each in over if each]:
                above[alert.pk] = min(known, key=_age)
    for alert in [each for mine in by_service.values() for each in mine if each.pk in above]:
        yield alert, _root(alert, above)


def _first_above(alert: Alert, others: Iterable[Alert], needs: Needs) -> Alert | None:
    """The oldest alert of one needed service that may stand above."""
    return next((each for each in others if _may_stand_above(each, alert, needs)), None)


def _may_stand_above(other: Alert, alert: Alert, needs: Needs) -> bool:
    if rank(other) < rank(alert):
        return False
    in_circle = alert.service_id in needs.of(other.service_id or 0)
    return not in_circle or _age(other) < _age(alert)


def _root(alert: Alert, above: dict[int, Alert]) -> Alert:
    """There is one: what stands above is deeper in the catalog, or in a circle older."""
    while alert.pk in above:
        alert = above[alert.pk]
    return alert


def _age(alert: Alert) -> tuple[datetime, int]:
    return alert.starts_at, alert.pk
