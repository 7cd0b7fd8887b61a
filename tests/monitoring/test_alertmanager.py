"""What Alertmanager sends becomes alerts."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.models import Alert, AlertState, Event, Received
from portal.notifications.models import Delivery
from runbooks.models import Gap
from tests.monitoring.conftest import alert

pytestmark = pytest.mark.django_db


def only() -> Alert:
    return Alert.objects.get()


def test_a_delivery_becomes_an_alert(am):
    answer = am(alert(severity="critical", annotations={"summary": "Disk of db1 is 95% full"}))

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "alerts": 1})
    found = only()
    assert (found.name, found.state, found.severity) == ("DiskFillsUp", "firing", "critical")
    assert found.summary == "Disk of db1 is 95% full"
    assert found.intake == am.intake
    am.intake.refresh_from_db()
    assert am.intake.received_at


def test_a_repeat_changes_nothing_but_is_counted(am):
    am(alert())
    am(alert())

    assert only().deliveries == 2
    assert [each.change for each in Event.objects.all()] == [
        "A new episode",
        "Nothing new: it still fires",
    ]


def test_it_resolves(am):
    am(alert())
    am(alert(end="08:10:00"))

    assert only().state == AlertState.RESOLVED
    assert only().ends_at.isoformat() == "2026-11-23T08:10:00+00:00"


def test_a_firing_that_comes_after_its_end_does_not_open_it(am):
    am(alert(end="08:10:00"))
    am(alert())

    assert only().state == AlertState.RESOLVED
    assert not Delivery.objects.exists()


def test_it_fires_again_as_a_new_episode(am):
    am(alert())
    am(alert(end="08:10:00"))
    am(alert(start="09:00:00"))

    assert [each.state for each in Alert.objects.order_by("starts_at")] == ["resolved", "firing"]


def test_a_group_that_fires_may_contain_what_is_resolved(am):
    am(alert(instance="a"), alert(instance="b"))
    am(alert(instance="a", end="08:10:00"), alert(instance="b"))

    states = {each.labels["instance"]: each.state for each in Alert.objects.all()}
    assert states == {"a": "resolved", "b": "firing"}


def test_what_a_group_leaves_out_stays_as_it_is(am):
    am(alert(instance="a"), alert(instance="b"))
    am(alert(instance="a", end="08:10:00"), truncatedAlerts=195)

    assert Alert.objects.firing().get().labels["instance"] == "b"
    assert Received.objects.first().truncated == 195


def test_the_watchdog_is_a_sign_of_life_and_does_not_fire(am):
    am(alert("Watchdog"), alert())

    assert only().name == "DiskFillsUp"
    am.intake.refresh_from_db()
    assert am.intake.watchdog_at


def test_a_key_may_come_as_a_bearer(am):
    body = json.dumps({"version": "4", "alerts": [alert()]})
    headers = {"Authorization": f"Bearer {am.key}"}
    answer = am.client.post(
        "/in/alertmanager/", body, content_type="application/json", headers=headers
    )

    assert answer.status_code == 200
    assert only().is_firing


def count_of(am, number, prefix):
    alerts = [alert(instance=f"{prefix}{each}") for each in range(number)]
    with CaptureQueriesContext(connection) as queries:
        assert am(*alerts).status_code == 200
    return len(queries)


@pytest.mark.parametrize("seen", [False, True])
def test_ten_and_a_hundred_cost_the_same_number_of_queries(am, olga, seen):
    count_of(am, 100, "x")
    few = count_of(am, 10, "x" if seen else "few")
    many = count_of(am, 100, "x" if seen else "many")

    assert few == many
    assert few < (20 if seen else 45)


@pytest.mark.long
def test_five_thousand_in_one_are_taken(am):
    answer = am(*(alert(instance=str(number)) for number in range(5000)))

    assert answer.json()["alerts"] == Alert.objects.firing().count() == 5000


def test_the_service_is_found_by_a_label(am):
    shop = Service.objects.create(slug="web-shop", name="Web shop")
    am(alert(service="web-shop"))
    am(alert("Slow", app="WEB SHOP"))
    am(alert("Odd", job="elsewhere"))

    by = {each.name: (each.service, each.service_by) for each in Alert.objects.all()}
    assert by["DiskFillsUp"] == (shop, "label service=web-shop")
    assert by["Slow"] == (shop, "label app=WEB SHOP")
    assert by["Odd"] == (None, "")


def test_the_runbook_is_found_by_the_name(am, disk_fills_up):
    am(alert())

    assert (only().runbook, only().runbook_by) == (disk_fills_up, "the name of the alert")
    assert not Gap.objects.exists()


def test_the_runbook_is_found_by_its_address_here(am, disk_fills_up, settings):
    address = f"{settings.ADDRESS}/runbooks/disk-fills-up/"
    am(alert("Other", annotations={"runbook_url": address}))

    assert (only().runbook, only().runbook_by) == (disk_fills_up, "runbook_url")


def test_a_runbook_elsewhere_is_kept_as_a_link(am):
    am(alert("Other", annotations={"runbook_url": "https://runbooks.example.org/Other"}))

    assert (only().runbook, only().runbook_url) == (None, "https://runbooks.example.org/Other")


def test_a_runbook_that_nobody_wrote_is_a_gap_once_an_episode(am):
    am(alert("Other"))
    am(alert("Other"))

    assert Gap.objects.get().count == 1


def test_the_owner_team_is_told_once_that_it_fires_and_once_that_it_is_over(am, rita, olga):
    team = Team.objects.create(slug="web", name="Web")
    team.members.add(rita)
    Service.objects.create(slug="web-shop", name="Web shop", owner=team)
    for _ in range(3):
        am(alert(service="web-shop"))
    am(alert(service="web-shop", end="08:10:00"))

    subjects = list(Delivery.objects.order_by("pk").values_list("recipient__username", "subject"))
    assert subjects == [("rita", "Fires: DiskFillsUp"), ("rita", "Resolved: DiskFillsUp")]
    assert only().get_absolute_url() in Delivery.objects.last().text
    assert set(only().told) == set(Delivery.objects.values_list("key", flat=True))


def test_operators_are_told_of_what_has_no_service(am, rita, olga):
    am(alert(instance="a"), alert(instance="b"))

    told = Delivery.objects.get()
    assert (told.recipient, told.subject) == (olga, "2 alerts fire: DiskFillsUp")
