"""What the one search finds of alerts, heartbeats, maintenance, intakes and channels, for whom."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.alerts.names import Names
from portal.monitoring.heartbeats import announcements
from portal.monitoring.models import Alert, AlertName, Heartbeat, Intake, Maintenance
from portal.notifications.models import Channel
from portal.search import index, registry
from portal.search.jobs import BETWEEN, Following, catch_up
from portal.search.models import Entry
from portal.search.palette.listing import groups
from portal.search.query import search
from tests.monitoring.world import make_alerts

pytestmark = pytest.mark.django_db
HOOK = {"kind": "webhook", "address": "https://hooks.example.org/T0KEN"}


def found(words: str, user) -> list[tuple[str, str]]:
    return [(hit.kind.name, hit.title) for hit in search(words, user=user).hits]


def address(words: str, user) -> str:
    return search(words, user=user).hits[0].address


@pytest.fixture
def plan(olga):
    at = timezone.now() + timedelta(days=1)
    about = {"title": "Move of the storage", "starts_at": at, "duration": timedelta(hours=1)}
    return Maintenance.objects.plan(services=[], is_for_all=True, by=olga, note="Risky", **about)


def test_heartbeats_are_found_as_long_as_they_exist(nina, alice, client_of):
    backup = Heartbeat.objects.make("Nightly backup", every=timedelta(days=1))
    assert found("nightly", nina) == [("heartbeat", "Nightly backup")]
    assert client_of(nina).get(address("nightly", nina)).status_code == 200

    backup.change({"name": "Weekly copy", "slug": ""}, by=alice)
    assert found("nightly", nina) == []
    assert found("weekly", nina) == [("heartbeat", "Weekly copy")]
    announcements.remove(backup, by=alice)
    assert found("weekly", nina) == []


def test_plans_are_found_until_they_are_cancelled(plan, nina, olga, client_of):
    assert found("risky storage", nina) == [("maintenance", "Move of the storage")]
    assert client_of(nina).get(address("storage", nina)).status_code == 200

    plan.change({"title": "Move of the disks"}, by=olga)
    assert found("disks", nina) == [("maintenance", "Move of the disks")]
    plan.cancel(by=olga)
    assert found("disks", nina) == []


def test_intakes_are_found_by_operators(alice, olga, client_of):
    intake, _ = Intake.objects.make("Prometheus eu1", "alertmanager")
    assert found("prometheus", alice) == []
    assert found("prometheus", olga) == [("intake", "Prometheus eu1")]
    assert client_of(olga).get(address("prometheus", olga)).status_code == 200

    intake.revoke(by=olga)
    assert found("prometheus", olga) == []


def test_a_name_of_alerts_is_found_once_however_often_it_fired(nina, client_of):
    names, intake = Names(), Intake.objects.make("Second", "alertmanager")[0]
    make_alerts()
    assert names(timezone.now())
    make_alerts(intake=intake)
    assert not names(timezone.now())

    assert found("NobodyKnows", nina) == [("alert", "NobodyKnows")]
    page = client_of(nina).get(address("NobodyKnows", nina)).content.decode()
    assert page.count("NobodyKnows fires") == 2
    assert not names(timezone.now())


def test_the_runbook_that_answers_an_alert_comes_first(disk_fills_up, nina):
    make_alerts()
    Names()(timezone.now())

    hits = found("DiskFillsUp", nina)
    assert hits[0] == ("runbook", "Disk fills up")
    assert hits.count(("alert", "DiskFillsUp")) == 1


def test_an_exact_name_comes_before_what_only_mentions_it(nina):
    make_alerts()
    Names()(timezone.now())
    words = "NobodyKnows is about what NobodyKnows says: NobodyKnows."
    Service.objects.create(slug="other", name="Another", description=words)

    assert found("NobodyKnows", nina)[0] == ("alert", "NobodyKnows")
    Service.objects.create(slug="nk", name="NobodyKnows")
    assert found("NobodyKnows", nina)[:2] == [("service", "NobodyKnows"), ("alert", "NobodyKnows")]


def test_a_result_says_whether_the_alert_fires(nina, rf):
    make_alerts()
    Names()(timezone.now())
    about = {hit.title: hit.about for hit in search("NobodyKnows", user=nina).hits}
    assert about["NobodyKnows"].startswith("Firing since ")
    (hit,) = search("Ended", user=nina, kinds=["alert"]).hits
    assert hit.about.startswith("Fired last ")

    request = rf.get("/")
    request.user = nina
    lines = [line for group in groups(request, "NobodyKnows") for line in group.lines]
    assert any(line.about.startswith("Alert · Firing since ") for line in lines)


def test_a_name_goes_with_its_last_alert(nina):
    make_alerts()
    Names()(timezone.now())
    Alert.objects.filter(name="Ended").delete()
    AlertName.objects.forget_unused()

    assert found("Ended", nina) == [] and AlertName.objects.count() == 2


def test_channels_are_found_by_those_who_see_them(nina, alice, olga, client_of):
    team = Team.objects.create(slug="shop", name="Shop")
    team.members.add(alice)
    followed = Following()
    Channel.objects.add(by=olga, name="Pager of the shop", team=team, **HOOK)
    channel, _ = Channel.objects.add(by=olga, name="Pager of all", **HOOK)
    at = timezone.now()
    assert followed(at)

    assert found("pager", nina) == [("channel", "Pager of all")]
    assert len(found("pager", alice)) == len(found("pager", olga)) == 2
    assert client_of(nina).get(address("pager", nina)).status_code == 200
    assert found("T0KEN", olga) == []
    team.members.remove(alice)
    assert len(found("pager", alice)) == 1

    channel.change(by=olga, name="Beeper")
    assert not followed(at + BETWEEN / 2)
    assert followed(at + BETWEEN) and found("beeper", nina) == [("channel", "Beeper")]
    channel.remove(by=olga)
    assert found("beeper", nina) == []
    assert followed(at + 2 * BETWEEN)
    assert Entry.objects.filter(kind="channel").count() == 1


def test_who_has_no_role_finds_no_channel(django_user_model, olga):
    Channel.objects.add(by=olga, name="Pager", **HOOK)
    Following()(timezone.now())
    stranger = django_user_model.objects.create_user("stranger")

    assert registry.kinds_for(stranger) == []
    assert found("pager", stranger) == []


def test_the_palette_lists_them(rf, nina):
    Heartbeat.objects.make("Nightly backup", every=timedelta(days=1))
    request = rf.get("/")
    request.user = nina

    lines = {group.title: group.lines for group in groups(request, "nightly")}
    assert [line.label for line in lines["Found"]] == ["Nightly backup"]


def test_rows_of_before_are_found_once_the_engine_ran(plan, nina):
    Heartbeat.objects.make("Nightly backup", every=timedelta(days=1))
    Intake.objects.make("Prometheus eu1", "alertmanager")
    before = set(Entry.objects.values_list("kind", "key"))
    migration = import_module("portal.monitoring.migrations.0009_fill_search")
    migration.forget(apps, None)
    assert found("nightly", nina) == []

    migration.note(apps, None)
    catch_up(timezone.now())
    assert set(Entry.objects.values_list("kind", "key")) == before
    assert found("nightly", nina) == [("heartbeat", "Nightly backup")]


def test_a_rebuild_has_all_of_them(plan, olga):
    make_alerts()
    Names()(timezone.now())
    Heartbeat.objects.make("Nightly backup", every=timedelta(days=1))
    Channel.objects.add(by=olga, name="Pager", **HOOK)
    Following()(timezone.now())
    before = set(Entry.objects.values_list("kind", "key", "title"))
    Entry.objects.all().delete()

    call_command("rebuild_search", verbosity=0)
    assert set(Entry.objects.values_list("kind", "key", "title")) == before
    assert not index.follow(registry.kind("channel"))
