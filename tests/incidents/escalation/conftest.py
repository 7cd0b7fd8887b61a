"""An incident by a policy, and an engine that goes from minute to minute by a clock of its own."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from incidents.escalation import engine, outcomes, repeats
from incidents.models import Entry, Escalation

NOW = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
UNITS = (engine.take_due, outcomes.note_arrived, outcomes.note_failed)
AGAIN = (repeats.call_idle, repeats.call_unanswered)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def work(now: datetime) -> None:
    """All that is due at this time."""
    while sum(unit(now) for unit in (*UNITS, *AGAIN)):
        pass


def work_until(minutes: int) -> None:
    """From now on, as the engine would at each time at which something is due."""
    for _ in range(200):
        due = Escalation.objects.running().order_by("due_at").values_list("due_at", flat=True)
        first = due.first()
        if first is None or first > at(minutes):
            return
        work(max(first, NOW))
    raise AssertionError("it does not end")


def told(incident, *kinds: str) -> list[tuple[int, str]]:
    """The lines of the timeline about calls: after how many minutes, and the text."""
    kinds = kinds or ("called", "not_reached", "nobody_answered")
    rows = Entry.objects.filter(incident=incident, kind__in=kinds).order_by("at", "pk")
    return [((each.at - NOW) // timedelta(minutes=1), each.text) for each in rows]


@pytest.fixture
def noon(monkeypatch):
    """The clock of deliveries stands at NOW."""
    monkeypatch.setattr("portal.core.data.clock.now", lambda: NOW)


def with_address(name: str):
    @pytest.fixture(name=name)
    def person(request):
        found = request.getfixturevalue(name)
        found.email = f"{name}@example.org"
        found.save(update_fields=["email"])
        return found

    return person


nina, rita, alice, paul, olga = map(with_address, ("nina", "rita", "alice", "paul", "olga"))
