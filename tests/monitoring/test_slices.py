"""A large delivery is stored in slices, each a short transaction, and told of as one."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.intakes import storage
from portal.monitoring.models import Alert, Event, Ping, Received
from portal.notifications.models import Delivery
from tests.monitoring.conftest import alert

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """Slices of three; the pauses between them, of which none is waited for."""
    made = []
    monkeypatch.setattr(storage, "AT_ONCE", 3)
    monkeypatch.setattr(storage.time, "sleep", made.append)
    return made


def many(count, **more):
    return [alert(instance=str(number), **more) for number in range(count)]


def failing_at(number):
    """Break the database when so many slices begin."""
    begun = []

    def broken(execute, sql, params, wants_many, context):
        if sql.startswith('UPDATE "monitoring_intake"'):
            begun.append(sql)
            if len(begun) == number:
                raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, wants_many, context)

    return connection.execute_wrapper(broken)


def test_all_of_it_is_stored_and_what_came_in_says_the_whole(am, pauses):
    assert am(*many(7), {"status": "odd", "labels": {}}).json()["alerts"] == 7

    assert Alert.objects.firing().count() == 7
    found = Received.objects.get()
    assert (found.answer, found.firing, found.events.count()) == (200, 7, 7)
    assert "Alert 8" in found.error
    assert len(pauses) == (2 if connection.vendor == "sqlite" else 0)


def test_what_fails_later_is_503_and_a_repeat_adds_nothing_twice(am):
    with failing_at(2):
        answer = am(*many(7), alert("Watchdog"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    half = Received.objects.get()
    assert (half.answer, half.firing, half.error) == (503, 8, storage.HALF)
    assert Alert.objects.count() == 3
    assert not Ping.objects.exists()

    assert am(*many(7), alert("Watchdog")).status_code == 200
    assert Alert.objects.count() == 7
    assert Event.objects.filter(change="A new episode").count() == 7
    assert Ping.objects.count() == 1
    assert sorted(Received.objects.values_list("answer", flat=True)) == [200, 503]


def test_a_team_hears_of_it_once_as_urgently_as_of_the_worst(am, rita):
    team = Team.objects.create(slug="orders", name="Orders")
    team.members.set([rita])
    Service.objects.create(slug="orders", name="Orders", owner=team)
    mild, worst = (many(7, service="orders", severity="info"), alert("Worst", service="orders"))

    am(*mild, worst)
    told = Delivery.objects.get()
    assert (told.urgency, told.subject[:18]) == ("high", "Many alerts fire: ")
    assert "All of them: " in told.text
    assert {tuple(each.told) for each in Alert.objects.all()} == {(told.key,)}

    am(*many(7, service="orders", severity="info", end="09:00:00"))
    ended = Delivery.objects.order_by("pk").last()
    assert (Delivery.objects.count(), ended.subject[:27]) == (2, "Many alerts are resolved: D")
    assert {each.told[-1] for each in Alert.objects.resolved()} == {ended.key}


def test_a_slice_that_looks_again_tells_what_it_did_not(am, rita, monkeypatch):
    """What it told before it failed is undone with it."""
    team = Team.objects.create(slug="orders", name="Orders")
    team.members.set([rita])
    am.intake.change(by=None, default_team=team)
    real, tries = storage.take, []

    def failing_once(*arguments, **named):
        real(*arguments, **named)
        tries.append(1)
        if len(tries) == 1:
            raise storage.IntegrityError("alert_fires_once")

    monkeypatch.setattr(storage, "take", failing_once)
    am(*many(7))

    assert Delivery.objects.count() == 1
    assert Alert.objects.firing().count() == 7


def test_all_of_one_alert_is_in_one_slice():
    class One:
        def __init__(self, fingerprint):
            self.fingerprint, self.severity = fingerprint, ""

    reports = [One(each) for each in "abcabdaaa"]
    found = ["".join(each.fingerprint for each in part) for part in storage.slices(reports)]

    assert found == ["aaaaa", "bbc", "d"]


def count_of(am, number, prefix):
    alerts = [alert(instance=f"{prefix}{each}") for each in range(number)]
    with CaptureQueriesContext(connection) as queries:
        assert am(*alerts).status_code == 200
    return len(queries)


def test_each_slice_costs_the_same_number_of_queries(am):
    count_of(am, 4, "first")

    counts = [count_of(am, number, f"{number}-") for number in (6, 9, 12)]
    assert counts[2] - counts[1] == counts[1] - counts[0]
