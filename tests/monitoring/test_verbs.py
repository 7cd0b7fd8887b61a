"""What people do with alerts, and who may."""

import io
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command

from portal.core.problems import Refused
from portal.monitoring import jobs
from portal.monitoring.models import Alert, Received
from portal.monitoring.models.alerts import AlreadyAcknowledged, NotFiring
from tests.monitoring.conftest import alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def fires(am):
    am(alert())
    return Alert.objects.get()


def verbs_of(row):
    rows = LogEntry.objects.filter(object_pk=row.pk, content_type__model="alert")
    return [each.additional_data["verb"] for each in rows.order_by("pk")]


def test_somebody_acknowledges_it(fires, rita, now):
    fires.acknowledge(by=rita, at=now)

    fires.refresh_from_db()
    assert (fires.acknowledged_by, fires.acknowledged_at) == (rita, now)
    assert verbs_of(fires) == ["acknowledge"]


def test_the_second_one_is_told_who_was_first(fires, rita, alice):
    fires.acknowledge(by=rita)

    with pytest.raises(AlreadyAcknowledged, match="Rita"):
        Alert.objects.get().acknowledge(by=alice)


def test_what_ended_is_not_acknowledged(fires, am, rita):
    am(alert(end="08:10:00"))

    with pytest.raises(NotFiring):
        fires.acknowledge(by=rita)


def test_an_acknowledgement_outlives_repeats(fires, am, rita):
    fires.acknowledge(by=rita)
    am(alert(annotations={"summary": "Worse"}))

    fires.refresh_from_db()
    assert (fires.acknowledged_by, fires.summary) == (rita, "Worse")


def test_the_last_word_of_each_person_counts(fires, rita, alice):
    fires.rate(by=rita, useful=True)
    fires.rate(by=alice, useful=False)
    fires.rate(by=rita, useful=False)

    assert [each.is_useful for each in fires.ratings.all()] == [False, False]


def test_it_is_resolved_by_hand_and_repeats_do_not_open_it(fires, am, rita):
    fires.resolve(by=rita, note="The rule was wrong")
    am(alert())

    fires.refresh_from_db()
    assert (fires.is_firing, fires.resolved_by) == (False, rita)
    with pytest.raises(NotFiring):
        fires.resolve(by=rita, note="Again")


def test_a_new_start_opens_a_new_episode_after_a_hand(fires, am, rita, now):
    fires.resolve(by=rita, note="The rule was wrong")
    later = now + timedelta(minutes=5)
    am({**alert(), "startsAt": later.isoformat()})

    assert Alert.objects.firing().get().starts_at == later


def test_a_reason_is_needed(fires, rita):
    with pytest.raises(Refused):
        fires.resolve(by=rita, note=" ")


def test_what_is_old_goes_and_what_fires_stays(am, settings, now):
    settings.KEEP_ALERTS_DAYS, settings.KEEP_RECEIVED_DAYS = 100, 10
    am(alert("Old", end="08:10:00", day="2020-01-01"), alert("Fires", day="2020-01-01"))
    Received.objects.update(at=now - timedelta(days=11))

    out = io.StringIO()
    call_command("forget_alerts", "--dry-run", stdout=out)
    assert out.getvalue() == "Would delete: 1 resolved alerts, 1 deliveries that came in.\n"
    assert Alert.objects.count() == 2

    jobs.forget(now)
    assert [each.name for each in Alert.objects.all()] == ["Fires"]
    assert not Received.objects.exists()
    assert Alert.objects.get().events.exists()


def test_nothing_goes_if_it_is_to_be_kept_for_ever(am, settings, now):
    settings.KEEP_ALERTS_DAYS = settings.KEEP_RECEIVED_DAYS = 0
    am(alert("Old", end="08:10:00", day="2020-01-01"))
    jobs.forget(now)

    assert Alert.objects.count() == Received.objects.count() == 1
