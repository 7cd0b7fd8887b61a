"""Alerts that always fire together with another one: two names for one thing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import F

from portal.core.data.instants import WholeEpoch

WITHIN = timedelta(minutes=5)  # of each other: together
CROWD = 12  # names that begin together are an outage, which says nothing of any two of them
MOST_BEGUN = 200_000  # the newest that are looked at
SLOT = int(WITHIN.total_seconds()) // 2  # two that are in the same or in neighbouring slots


class Companion(NamedTuple):
    """The other name, how often it fired together with this one, and of how many times."""

    name: str
    together: int
    times: int


def companions_of(rows: Any) -> dict[str, Companion]:
    """For each name the one that most often began within minutes of it, if any did."""
    slots: dict[int, set[str]] = defaultdict(set)
    for name, slot in _begun(rows):
        slots[slot].add(name)
    times: Counter[str] = Counter()
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for slot, began in slots.items():
        near = began | slots.get(slot - 1, set()) | slots.get(slot + 1, set())
        if len(near) <= CROWD:
            times.update(began)
            for name in began:
                together[name].update(near - {name})
    return {name: _best(others, times, times[name]) for name, others in together.items() if others}


def _begun(rows: Any) -> Iterable[tuple[str, int]]:
    """The names, and in which slots of time they began, of the newest alerts."""
    newest = rows.order_by("-starts_at", "-pk").values_list("starts_at", flat=True)
    if too_old := newest[MOST_BEGUN : MOST_BEGUN + 1].first():
        rows = rows.filter(starts_at__gt=too_old)
    return rows.order_by().values_list("name", WholeEpoch(F("starts_at")) / SLOT).iterator()


def _best(others: Counter[str], times: Counter[str], of: int) -> Companion:
    """Of several that fire with it as often, the one that fires most."""
    name = max(others, key=lambda other: (others[other], times[other], other))
    return Companion(name, others[name], of)
