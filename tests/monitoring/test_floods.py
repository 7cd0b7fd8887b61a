"""A delivery with a flood of entries costs as much as its entries, not their square."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.monitoring.alerts import arrivals, times
from portal.monitoring.alerts.page import Explained
from portal.monitoring.models import Alert, Event, Received
from tests.monitoring.conftest import alert

pytestmark = pytest.mark.django_db


def entries(count, **more):
    """Of one alert: each start is a minute after the last one, and each ended at once."""
    made = [f"{n // 60:02}:{n % 60:02}:00" for n in range(count)]
    return [alert(start=start, end=start, fingerprint="one", **more) for start in made]


def counting(monkeypatch, module, name):
    """How often a function is called; it does what it does."""
    calls, real = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given: calls.append(1) or real(*given))
    return calls


def test_the_episodes_of_an_alert_are_worked_out_once_for_each_delivery(am, monkeypatch):
    am(*entries(50))
    worked_out = counting(monkeypatch, arrivals, "episodes")
    parsed = counting(monkeypatch, times, "read")

    assert am(*entries(100)).status_code == 200
    assert len(worked_out) == 1
    assert len(parsed) == 50  # each row that was there, once
    assert Alert.objects.resolved().count() == 100


def test_of_too_many_starts_the_newest_are_taken_and_the_delivery_says_so(am):
    answer = am(*entries(300), alert("Another"))

    assert answer.json() == {"status": "ok", "alerts": 301}
    assert Alert.objects.filter(fingerprint="one").count() == 200
    oldest = Alert.objects.order_by("starts_at").first()
    assert (oldest.starts_at.hour, oldest.starts_at.minute) == (1, 40)
    assert Alert.objects.filter(name="Another").exists()
    said = "300 starts of the alert one; only the newest 200 are taken"
    assert Received.objects.get().error == said


def test_many_entries_of_one_start_are_one_delivery_of_it(am):
    am(*[alert(fingerprint="one")] * 500)
    am(*[alert(fingerprint="one")] * 500)

    found = Alert.objects.get()
    assert (found.deliveries, found.is_firing) == (2, True)
    assert Event.objects.count() == 2


def test_the_newest_start_of_a_delivery_describes_the_alert_whatever_the_order(am):
    said = [
        alert(start=f"08:00:0{n}", fingerprint="one", annotations={"summary": str(n)})
        for n in (2, 5, 1)
    ]
    am(*said)

    found = Alert.objects.get()
    assert found.summary == "5"
    assert found.lasted(found.starts_at + timedelta(seconds=1)) == timedelta(seconds=1)


def test_of_an_alert_that_always_says_something_new_a_bounded_number_of_lines_is_kept(
    am, monkeypatch
):
    monkeypatch.setattr(arrivals, "EVENTS_KEPT", 2)
    monkeypatch.setattr(arrivals, "MOST_EVENTS", 5)
    for number in range(9):
        am(alert(fingerprint="one", annotations={"summary": str(number)}))
    am(alert(fingerprint="one", end="09:00:00"))

    changes = list(Event.objects.values_list("change", flat=True))
    assert changes == ["A new episode", *["Says something new"] * 4, "Resolved"]
    assert Alert.objects.get().deliveries == 10


def test_a_page_shows_the_first_and_the_newest_lines_and_loads_one_body(am, alice):
    am(alert(fingerprint="one"), alert("Bystander"))
    found = Alert.objects.get(fingerprint="one")
    bodies = Received.objects.bulk_create(
        Received(intake=am.intake, at=timezone.now(), size=1, answer=200, body=f"body {n}")
        for n in range(200)
    )
    Event.objects.bulk_create(
        Event(alert=found, received=each, at=each.at, state="firing", change=f"change {n}")
        for n, each in enumerate(bodies)
    )

    with CaptureQueriesContext(connection) as queries:
        page = Explained(found, alice, timezone.now())
        changes = [event.change for event, _ in page.events]
        body = page.first_body

    assert changes[:2] == ["A new episode", "change 0"]
    assert changes[29:31] == ["change 28", "change 100"]
    assert (len(changes), changes[-1]) == (130, "change 199")
    assert "Bystander" in body
    reading = [each["sql"] for each in queries if '"body"' in each["sql"].split(" FROM ")[0]]
    assert (len(queries), len(reading)) == (3, 1)
