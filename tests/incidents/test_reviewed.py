"""What readers of the code found: each was a way to hold up, to leak, or to get stuck."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.escalation.repeats import call_unanswered
from incidents.files.markdown import of_incident
from incidents.models import Clock, ClockKind, Escalation, Feed, Layer, Severity, feeds
from incidents.models.lifecycle import NO_PLAN
from incidents.oncall import verbs
from incidents.problems import WrongState
from portal.accounts.models import User
from portal.core.ops.logs import masked
from portal.core.problems import Refused
from portal.notifications.models import Delivery
from runbooks.models import Run
from tests.runbooks.conftest import disk, publish  # noqa: F401

from .oncall.world import make_on_call
from .world import declare, make_policy, make_service

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_an_override_of_thousands_of_years_is_refused_before_anything_is_looked_up(
    olga, rita, django_assert_max_num_queries
):
    rotation = make_on_call([rita, olga], by=olga)

    with django_assert_max_num_queries(6), pytest.raises(Refused, match="92 days"):
        verbs.override(rotation, rita, NOW, datetime(9999, 12, 30, tzinfo=UTC), by=olga, at=NOW)


@pytest.mark.parametrize("days", [{"starts_on": date(1, 1, 1)}, {"ends_on": date(9999, 1, 1)}])
def test_days_of_a_layer_are_of_this_century(olga, rita, days):
    layer = Layer.objects.get(rotation=make_on_call([rita, olga], by=olga))
    for name, day in days.items():
        setattr(layer, name, day)

    with pytest.raises(ValidationError, match="from 2000 to 2100"):
        layer.clean()


def test_what_is_over_holds_up_no_other_incident_that_nobody_answered(rita, olga):
    policy = make_policy(olga)
    over, waits = (
        declare(rita, services=[make_service(slug, policy=policy)]) for slug in ("a", "b")
    )
    over.resolve(by=rita)
    Escalation.objects.update(state="ended", stands=True, again_at=NOW - timedelta(hours=1))
    Escalation.objects.filter(incident=over).update(again_at=NOW - timedelta(hours=2))

    assert call_unanswered(NOW) and call_unanswered(NOW) and not call_unanswered(NOW)

    assert waits.escalations.running().exists() and not over.escalations.running().exists()


def test_the_record_does_not_name_the_restricted_one_that_it_was_merged_into(rita, olga):
    kept, double = declare(rita, title="Secret", is_restricted=True), declare(rita)
    double.merge(kept, by=rita)

    text = of_incident(double, rita)
    assert "Secret" not in text and kept.name not in text


def test_two_that_are_related_name_each_other_by_number_only(rita):
    first, second = declare(rita, title="Secret"), declare(rita)
    first.relate(second, by=rita)

    assert "Secret" not in " ".join(second.entries.values_list("text", flat=True))


def test_links_of_subscribers_are_masked_in_the_log():
    for verb in ("confirm", "leave"):
        assert masked(f"/status/public/{verb}/1:abc/") == f"/status/public/{verb}/…/"


def test_who_may_not_read_runs_reads_nothing_of_their_logs(rita, nina, disk, api):  # noqa: F811
    incident = declare(rita)
    run = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    incident.join_run(run, by=rita)
    run.complete_step(1, by=rita, note="A secret was found")
    url = f"/api/v1/incidents/{incident.pk}/"
    assert "A secret" in of_incident(incident, nina) and api(nina).get(url).json()["runs"]

    reads = Permission.objects.get(codename="view_run")
    for role in nina.groups.all():
        role.permissions.remove(reads)
    nina = User.objects.get(pk=nina.pk)

    assert "A secret" not in of_incident(incident, nina)
    client = api(nina)
    assert "A secret" not in client.get(f"{url}timeline/").content.decode()
    assert client.get(url).json()["runs"] == []


def test_a_row_of_the_api_tells_no_number_of_a_restricted_one(rita, nina, olga, api):
    kept, double = declare(rita, title="Secret", is_restricted=True), declare(rita)
    double.merge(kept, by=rita)

    def told(user) -> list:
        client, url = api(user), "/api/v1/incidents/"
        listed = client.get(url).json()["results"]
        one = client.get(f"{url}{double.pk}/")
        row = next(each for each in listed if each["number"] == double.pk)
        return [row["merged_into"], one.json()["merged_into"]]

    assert told(nina) == [None, None]
    assert told(olga) == [kept.pk, kept.pk]
    with pytest.raises(WrongState) as refusal:
        double.reopen(by=nina, reason="Again")
    assert kept.name not in str(refusal.value)


def test_a_clock_that_was_met_before_a_reopening_goes_by_the_new_severity(rita):
    incident = declare(rita, level=3, at=NOW)
    incident.acknowledge(by=rita, at=NOW)
    incident.resolve(by=rita, at=NOW)
    incident.reopen(by=rita, reason="It came back", at=NOW + timedelta(hours=1))
    incident.change_severity(Severity.objects.of(1), by=rita, at=NOW + timedelta(hours=2))

    clock = Clock.objects.running().get(incident=incident, kind=ClockKind.ACKNOWLEDGE)
    assert clock.started_at == NOW + timedelta(hours=2)
    assert clock.length == timedelta(minutes=incident.terms["acknowledge_minutes"])

    incident.acknowledge(by=rita, at=NOW + timedelta(hours=2))
    incident.change_severity(Severity.objects.of(2), by=rita, at=NOW + timedelta(hours=3))
    assert not Clock.objects.running().filter(incident=incident, kind=ClockKind.ACKNOWLEDGE)


def test_the_address_of_a_calendar_tells_nothing_of_the_session(rita):
    feed = Feed.objects.open(rita, at=NOW)
    _, mark = signing.Signer(salt=feeds.SALT).unsign_object(feed.key)

    assert rita.get_session_auth_hash()[:8] not in mark and feed.mark not in mark
    assert Feed.objects.opened_by(feed.key) == feed


def test_an_incident_without_a_policy_is_called_for_by_the_catch_all_of_later(rita, olga):
    incident = declare(None, at=NOW)
    later = NOW + timedelta(minutes=incident.terms["idle_minutes"])
    messages = Delivery.objects.filter(key__startswith="incidents-nobody-", recipient=olga)
    assert messages.count() == 1 and not incident.escalations.running().exists()

    assert not call_unanswered(later - timedelta(seconds=1))
    assert call_unanswered(later) and not call_unanswered(later)
    assert messages.count() == 2 and incident.entries.last().text == NO_PLAN

    make_policy(rita, is_catch_all=True)
    assert call_unanswered(later + (later - NOW))
    assert incident.escalations.running().get().plan[0]["steps"]
    incident.acknowledge(by=rita, at=later)
    assert not Escalation.objects.unanswered().exists()


def test_what_calls_nobody_and_was_acknowledged_is_quiet(rita, olga):
    incident = declare(None, at=NOW)
    incident.acknowledge(by=rita, at=NOW)

    assert not call_unanswered(NOW + timedelta(days=1))
