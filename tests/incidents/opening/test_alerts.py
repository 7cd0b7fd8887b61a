"""Alerts that call people open incidents, join them, and end."""

from datetime import timedelta

import pytest

from incidents.models import Entry, Incident, IncidentAlert, IncidentRule
from portal.monitoring.heartbeats import announcements
from portal.monitoring.models import Alert, Call, Heartbeat, Instance
from portal.monitoring.muting import verbs
from tests.incidents.world import declare, make_policy, make_service, severity

from .conftest import at, report

pytestmark = pytest.mark.django_db
CHECKOUT = {"service": "checkout"}


@pytest.fixture
def checkout(rita):
    return make_service(policy=make_policy(rita))


def texts(incident, kind="alert") -> list[str]:
    return [each.text for each in incident.entries.of_kinds(kind)]


def test_an_urgent_alert_opens_an_incident_of_its_service(checkout, come, engine):
    come(report("CheckoutDown", **CHECKOUT))
    engine()

    incident = Incident.objects.get()
    assert (incident.level, incident.source, incident.title) == (2, "alert", "CheckoutDown")
    assert [*incident.services.all()] == [checkout]
    assert incident.policy.name == "Shop, tier 1" and incident.escalations.running().exists()
    assert texts(incident) == ["Fires: CheckoutDown"]
    assert Alert.objects.get().in_incident.incident == incident


def test_it_freezes_the_runbook_as_it_is_published(disk, come, engine):
    come(report("DiskFillsUp"))
    engine()

    assert Incident.objects.get().runbook_version == disk.published


def test_further_alerts_of_the_service_join_it_with_one_entry(checkout, come, engine):
    come(report("CheckoutDown", **CHECKOUT))
    engine()
    come(*[report("Slow", instance=f"i{n}", **CHECKOUT) for n in range(12)], minutes=1)
    engine(1)

    incident = Incident.objects.get()
    assert incident.incident_alerts.count() == 13
    assert texts(incident) == ["Fires: CheckoutDown", "Fires: Slow (12)"]


def test_without_a_service_there_is_one_for_each_name(come, engine):
    come(*[report(name, instance=str(n)) for name in ("A", "B") for n in range(2)])
    engine()

    assert {*Incident.objects.values_list("title", flat=True)} == {"A", "B"}


@pytest.mark.parametrize("word", ["warning", "info", "", "error"])
def test_what_can_wait_opens_nothing_as_shipped(come, engine, word):
    come(report("Slow", severity=word))
    engine()

    assert not Incident.objects.exists()
    assert not engine.opening(at(1))  # and is not looked at again


def test_what_is_muted_opens_nothing_until_the_silence_ends(rita, come, engine):
    column = [{"name": "alertname", "operator": "=", "value": "A"}]
    silence = verbs.silence(column, by=rita, at=at(0), ends_at=at(10), reason="Known")
    come(report("A"))
    engine()
    assert not Incident.objects.exists()

    verbs.end(silence, by=rita, at=at(5))
    engine(5)
    assert Incident.objects.get().title == "A"


def test_what_somebody_has_acknowledged_opens_nothing(rita, come, engine):
    come(report("A"))[0].acknowledge(by=rita, at=at(0))
    engine()

    assert not Incident.objects.exists()


def test_its_timeline_says_when_alerts_are_over(checkout, come, engine):
    come(report("A", **CHECKOUT), report("B", **CHECKOUT))
    engine()
    come(report("A", fires=False, **CHECKOUT), minutes=2)
    engine(2)
    come(report("B", fires=False, **CHECKOUT), minutes=3)
    engine(3)

    incident = Incident.objects.get()
    expected = ["Fires: A, B", "Over: A", "Over: B", "All of its alerts are over."]
    assert texts(incident) == expected
    assert incident.is_open and not IncidentAlert.objects.filter(over_at=None).exists()


def test_what_fires_after_all_is_of_it_again(come, engine):
    come(report("A", key="a"))
    engine()
    come(report("A", key="a", fires=False), minutes=1)
    engine(1)
    come(report("A", key="a", began=0.5), minutes=2)  # another replica
    engine(2)

    incident = Incident.objects.get()
    assert texts(incident)[-1] == "Fires: A"
    assert incident.incident_alerts.get().over_at is None


def test_what_fires_after_all_when_it_is_resolved_opens_another_one(rita, come, engine):
    come(report("A", key="a"))
    engine()
    come(report("A", key="a", fires=False), minutes=1)
    engine(1)
    first = Incident.objects.get()
    first.resolve(by=rita, at=at(2))
    come(report("A", key="a", began=0.5), minutes=3)
    engine(3)

    assert Incident.objects.open().get() != first
    assert first.incident_alerts.get().alert is None


def test_a_new_episode_opens_one_that_is_related_to_the_last(rita, come, engine):
    come(report("A", key="a"))
    engine()
    first = Incident.objects.get()
    come(report("A", key="a", fires=False), minutes=1)
    first.resolve(by=rita, at=at(1))
    come(report("A", key="a", began=20), minutes=20)
    engine(20)

    second = Incident.objects.open().get()
    assert texts(second, "related") == [first.name] and texts(first, "related") == [second.name]


def test_alerts_of_a_merged_one_join_what_it_was_merged_into(rita, come, engine):
    come(report("A", instance="1"))
    engine()
    double, kept = Incident.objects.get(), declare(rita, at=at(1))
    double.merge(kept, by=rita, at=at(2))
    come(report("A", instance="2"), minutes=3)
    engine(3)

    assert Incident.objects.count() == 2
    assert kept.incident_alerts.count() == 2


def test_a_worse_alert_makes_it_worse_until_somebody_has_judged(rita, come, engine):
    column = [{"name": "alertname", "operator": "=~", "value": "A|B"}]
    IncidentRule.objects.make(by=None, name="All", matchers=column, group_by=["team"])
    come(report("A", severity="warning"))
    engine()
    incident = Incident.objects.get()
    assert incident.level == 4
    come(report("B", severity="critical"), minutes=1)
    engine(1)
    incident.refresh_from_db()
    assert incident.level == 2 and texts(incident, "severity") == [
        "SEV4 to SEV2: A worse alert joined"
    ]

    incident.change_severity(severity(4), by=rita, at=at(2))
    come(report("B", severity="critical", instance="2"), minutes=3)
    engine(3)
    incident.refresh_from_db()
    assert incident.level == 4


def test_what_a_tool_says_can_be_no_title_that_is_refused(come, engine):
    come(report("A\u202eB\x07 " + "x" * 150))
    engine()

    assert Incident.objects.get().title.startswith("A B")


def test_an_alert_of_a_heartbeat_opens_one(olga, engine):
    minute = timedelta(minutes=1)
    row = Heartbeat.objects.make("Backup", every=5 * minute, grace=minute, at=at(-60))
    Instance.objects.get(pk=row.instances.create().pk).take(Call(), at=at(-60))
    while Instance.objects.drop_one(at(0)) or announcements.announce(at(0)):
        pass
    engine()

    incident = Incident.objects.get()
    assert (incident.level, texts(incident)) == (3, ["Fires: Backup"])


def test_a_storm_is_few_entries_and_few_queries(
    checkout, come, engine, django_assert_max_num_queries
):
    come(*[report(f"A{n % 40}", instance=f"i{n}", **CHECKOUT) for n in range(2000)])
    with django_assert_max_num_queries(150):
        engine()

    incident = Incident.objects.get()
    assert incident.incident_alerts.count() == 2000
    assert Entry.objects.count() <= 4
    assert texts(incident)[0].endswith("and 35 more")


def test_what_fires_again_after_the_end_waits_for_somebody_again(come, engine, rita):
    come(report("A"))
    engine()
    Incident.objects.get().acknowledge(by=rita)
    come(report("A", fires=False, ends=1), minutes=2)
    engine(2)
    Incident.objects.get().resolve(by=rita)
    come(report("A", began=0.5), minutes=3)
    engine(3)

    assert Alert.objects.unattended().count() == 1 and Incident.objects.open().count() == 1
