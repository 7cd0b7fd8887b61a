"""Which alerts stand under another one: their service cannot work while what it needs is down.

A service that needs another one hard stops with it, also through others. Where services need each
other in a circle, what fired first stands above; so somebody is called for each circle. An alert
never stands under a milder one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
        return cls.all() if len(services_of(alerts)) > 1 else cls([])

    @classmethod
    def all(cls) -> "Needs":
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


def services_of(alerts: Iterable[Alert]) -> set[int]:
    return {each.service_id for each in alerts if each.service_id}


def grouped(alerts: Iterable[Alert], needs: Needs) -> Iterator[tuple[Alert, Alert]]:
    """Alerts that stand under another one, each with the one that stands above all of its own."""
    by_age = sorted((each for each in alerts if each.service_id), key=_age)
    oldest = _oldest(by_age)
    candidates: dict[tuple[int, int], list[Alert]] = {}
    above: dict[int, Alert] = {}
    for alert in by_age:
        key = alert.service_id or 0, rank(alert)
        if key not in candidates:
            candidates[key] = _candidates(*key, oldest, needs)
        over = (each for each in candidates[key] if _may_stand_above(each, alert, needs))
        if first := next(over, None):
            above[alert.pk] = first
    for alert in by_age:
        if alert.pk in above:
            yield alert, _root(alert, above)


def _oldest(by_age: Iterable[Alert]) -> dict[tuple[int, int], Alert]:
    """Of each service and rank the oldest alert: what it does not stand above, no other does."""
    found: dict[tuple[int, int], Alert] = {}
    for alert in by_age:
        found.setdefault((alert.service_id or 0, rank(alert)), alert)
    return found


def _candidates(
    service: int, least: int, oldest: Mapping[tuple[int, int], Alert], needs: Needs
) -> list[Alert]:
    """What may stand above alerts of a service and rank: of each that it needs the oldest."""
    needed = needs.of(service) - {service}
    found = (each for (of, rank_of), each in oldest.items() if rank_of >= least and of in needed)
    return sorted(found, key=_age)


def _may_stand_above(other: Alert, alert: Alert, needs: Needs) -> bool:
    """In a circle only what fired first."""
    in_circle = alert.service_id in needs.of(other.service_id or 0)
    return not in_circle or _age(other) < _age(alert)


def _root(alert: Alert, above: dict[int, Alert]) -> Alert:
    """There is one: what stands above is deeper in the catalog, or in a circle older."""
    while alert.pk in above:
        alert = above[alert.pk]
    return alert


def _age(alert: Alert) -> tuple[datetime, int]:
    return alert.starts_at, alert.pk
