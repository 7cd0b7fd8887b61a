"""A heartbeat that is down is an alert, once, until it is up again; and its people are told."""

import pytest

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.alerts.reports import Report
from portal.monitoring.heartbeats.announcements import announce, forget, remove
from portal.monitoring.heartbeats.watchdogs import report
from portal.monitoring.models import Alert, Flip, Heartbeat, Instance, Intake, Silence
from portal.monitoring.muting.settlement import settle
from portal.notifications.models import Delivery
from runbooks.models import Runbook
from tests.monitoring.heartbeats.conftest import AT, HOUR, MINUTE
from tests.runbooks.conftest import publish  # noqa: F401

pytestmark = pytest.mark.django_db
FAIL = {"signal": "fail"}


@pytest.fixture
def say(olga):
    """Let an engine say all that there is to say."""

    def say(at=AT + 9 * HOUR) -> None:
        while announce(at):
            pass

    return say


def alerts() -> list[tuple[str, str]]:
    return list(Alert.objects.order_by("pk").values_list("name", "state"))


def subjects() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("subject", flat=True))


def test_down_is_an_alert_and_up_again_its_end(backup, take, say):
    take(backup, AT)
    Instance.objects.drop_one(AT + 2 * HOUR)
    say()
    alert = Alert.objects.get()
    assert (alert.name, alert.state, alert.starts_at) == (
        "Nightly backup",
        "firing",
        AT + 2 * HOUR,
    )
    assert alert.summary == (
        "It did not report in time. Its last run ended at 14 Mar 2026, 08:00 UTC."
    )

    take(backup, AT + 3 * HOUR)
    say()
    say()

    alert.refresh_from_db()
    assert (alert.state, alert.ends_at) == ("resolved", AT + 3 * HOUR)
    assert subjects() == ["Fires: Nightly backup", "Resolved: Nightly backup"]


def test_each_time_is_an_episode_of_its_own(backup, take, say):
    for hours in (0, 1):
        take(backup, AT + hours * HOUR, **FAIL)
        take(backup, AT + hours * HOUR + MINUTE)
    say()

    assert alerts() == [("Nightly backup", "resolved")] * 2


def test_whichever_flip_is_stored_first_it_is_over(backup, take, say):
    take(backup, AT, **FAIL)
    take(backup, AT + MINUTE)
    down = Flip.objects.unannounced()[0]
    Flip.objects.filter(pk=down.pk).update(announced_at=AT)
    say()
    Flip.objects.filter(pk=down.pk).update(announced_at=None)
    say()

    assert not Alert.objects.firing().exists()


def test_the_hosts_of_a_fleet_have_alerts_of_their_own(backup, take, say):
    for name in ("a", "b"):
        take(backup, AT, instance=name, **FAIL)
    take(backup, AT + MINUTE, instance="a")
    say()

    firing = Alert.objects.firing().get()
    assert firing.labels == {"heartbeat": "nightly-backup", "instance": "b"}
    assert Alert.objects.count() == 2


def test_the_owner_team_is_told_or_else_that_of_the_service(backup, take, say, rita, alice, nina):
    data, shop = (Team.objects.create(slug=each, name=each) for each in ("data", "shop"))
    data.members.set([rita])
    shop.members.set([nina])
    service = Service.objects.create(slug="orders", name="Orders", owner=shop)
    backup.change({"service": service}, by=alice)
    take(backup, AT, **FAIL)
    say()
    backup.change({"owner": data}, by=alice)
    take(backup, AT + MINUTE)
    say()
    take(backup, AT + 2 * MINUTE, **FAIL)
    say()

    heard = Delivery.objects.order_by("pk").values_list("recipient__username", "subject")
    assert list(heard) == [
        ("nina", "Fires: Nightly backup"),
        ("nina", "Resolved: Nightly backup"),  # as they heard of its beginning
        ("rita", "Fires: Nightly backup"),
    ]
    assert {alert.service for alert in Alert.objects.all()} == {service}


def test_what_is_still_down_when_a_silence_ends_is_told_to_the_owner_team(
    backup, take, say, rita, alice, nina
):
    data = Team.objects.create(slug="data", name="Data")
    data.members.set([nina])
    backup.change({"owner": data}, by=alice)
    column = [{"name": "alertname", "operator": "=", "value": "Nightly backup"}]
    until = {"starts_at": AT, "ends_at": AT + 5 * MINUTE, "reason": "We move it."}
    silence = Silence.objects.make(column, by=rita, at=AT, **until)
    take(backup, AT + MINUTE, **FAIL)
    say(AT + 2 * MINUTE)
    assert not Delivery.objects.exists()

    settle(silence.ends_at)

    heard = Delivery.objects.values_list("recipient__username", "subject")
    assert list(heard) == [("nina", "Still fires: Nightly backup")]


def test_the_message_leads_to_the_runbook_and_tells_no_secret(backup, take, say, alice, publish):  # noqa: F811
    runbook = Runbook.objects.start("Restore the backup", by=alice, text="1. Look")
    publish(runbook.newest)
    backup.change({"runbook": Runbook.objects.get(pk=runbook.pk)}, by=alice)
    take(backup, AT, **FAIL)
    say()

    text = Delivery.objects.get(subject__startswith="Fires").text
    alert = Alert.objects.get()
    assert "/runbooks/restore-the-backup/" in text and alert.runbook_id == runbook.pk
    assert alert.generator_url.endswith(f"/monitoring/heartbeats/{backup.pk}/")
    assert str(backup.uuid) not in f"{text} {alert.labels} {alert.annotations}"


def test_a_pause_ends_no_alert_and_only_a_success_does(backup, take, say, rita):
    take(backup, AT, **FAIL)
    say()
    backup.pause(by=rita, at=AT + HOUR)
    say()
    backup.resume(by=rita, at=AT + 2 * HOUR)
    say()
    assert alerts() == [("Nightly backup", "firing")]

    take(backup, AT + 3 * HOUR)
    say()
    assert alerts() == [("Nightly backup", "resolved")]
    subjects = Delivery.objects.order_by("pk").values_list("subject", flat=True)
    assert list(dict.fromkeys(subjects)) == ["Fires: Nightly backup", "Resolved: Nightly backup"]


@pytest.mark.parametrize(("signal", "state"), [("fail", "firing"), ("success", "resolved")])
def test_a_ping_that_ends_a_pause_says_whether_its_alert_is_over(
    backup, take, say, rita, signal, state
):
    take(backup, AT, **FAIL)
    say()
    backup.pause(by=rita, at=AT + HOUR)
    take(backup, AT + 2 * HOUR, signal=signal)
    say()

    assert alerts() == [("Nightly backup", state)]


def test_what_is_deleted_has_no_alert(backup, take, say, alice):
    other = Heartbeat.objects.make("Other", every=HOUR, at=AT)
    for row in (backup, other):
        take(row, AT, **FAIL)
    say()
    remove(backup, by=alice)

    assert alerts() == [("Nightly backup", "resolved"), ("Other", "firing")]
    assert not Heartbeat.objects.filter(pk=backup.pk).exists()


def test_a_host_that_is_forgotten_has_no_alert(backup, take, say, alice):
    for name in ("a", "b"):
        take(backup, AT, instance=name, **FAIL)
    say()
    forget(backup, backup.instances.get(name="a"), by=alice)

    assert [alert.labels["instance"] for alert in Alert.objects.firing()] == ["b"]


@pytest.fixture
def intake(db):
    made, _ = Intake.objects.make("Prometheus eu1", "alertmanager", at=AT)
    return made


def watchdog(firing: bool = True) -> list[Report]:
    return [Report("f", "Watchdog", firing), Report("g", "DiskFull", True)]


def test_the_watchdog_of_an_intake_is_a_heartbeat_from_its_first_sight(intake, state):
    report(intake, watchdog(), at=AT)
    report(intake, watchdog(), at=AT + HOUR)

    heartbeat = Heartbeat.objects.get()
    assert (heartbeat.name, heartbeat.intake) == ("Watchdog of Prometheus eu1", intake)
    assert (heartbeat.every, state(heartbeat, AT + HOUR)) == (4 * HOUR, "up")


def test_its_silence_is_an_alert(intake, say):
    report(intake, watchdog(), at=AT)

    assert Instance.objects.drop_one(AT + 5 * HOUR)
    say()
    assert alerts() == [("Watchdog of Prometheus eu1", "firing")]


def test_a_watchdog_that_is_resolved_is_down(intake, state):
    report(intake, watchdog(), at=AT)
    report(intake, watchdog(firing=False), at=AT + MINUTE)

    assert state(Heartbeat.objects.get(), AT + MINUTE) == "down"


def test_its_period_is_learnt_from_how_often_it_comes(intake, alice):
    for count in range(4):
        report(intake, watchdog(), at=AT + count * 5 * MINUTE)
    heartbeat = Heartbeat.objects.get()
    assert heartbeat.every == 10 * MINUTE
    assert heartbeat.instances.get().expected_at == AT + 25 * MINUTE

    heartbeat.change({"every": HOUR}, by=alice)
    report(intake, watchdog(), at=AT + 20 * MINUTE)
    heartbeat.refresh_from_db()
    assert heartbeat.every == HOUR


def test_a_delivery_of_alertmanager_reaches_it(client, olga):
    made, key = Intake.objects.make("Prometheus eu1", "alertmanager")
    body = {
        "version": "4",
        "alerts": [{"status": "firing", "labels": {"alertname": "Watchdog"}, "fingerprint": "f"}],
    }
    answer = client.post(f"/in/alertmanager/{key}/", body, content_type="application/json")

    assert answer.status_code == 200
    assert Heartbeat.objects.get().intake == made and not Alert.objects.exists()
