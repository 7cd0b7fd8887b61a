"""Silences and plans are changed, and what was so before stays true."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.architecture.models import Service
from portal.core.problems import Refused, Stale
from portal.monitoring.maintenance.announcements import announce
from portal.monitoring.models import Alert, Maintenance, Muting, Silence, Window
from portal.monitoring.models.silences import SilenceOver
from portal.monitoring.models.windows import WindowOver
from portal.monitoring.muting import verbs
from portal.notifications.models import Delivery
from tests.monitoring.world import make_alerts

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AT = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)


def named(name: str) -> list[dict]:
    return [{"name": "alertname", "operator": "=", "value": name}]


@pytest.fixture
def silence(rita):
    make_alerts()
    return verbs.silence(named("NobodyKnows"), by=rita, at=AT, ends_at=AT + HOUR, reason="Known")


@pytest.fixture
def service():
    return Service.objects.create(slug="orders", name="Orders")


@pytest.fixture
def plan(rita, service):
    about = {"title": "Move", "starts_at": AT + HOUR, "duration": HOUR}
    return verbs.plan(services=[service], by=rita, at=AT, **about)


# Silences


def test_reason_and_end_change_in_place(silence, alice):
    changes = {"reason": "Replaced at noon", "ends_at": AT + 2 * HOUR}
    holds = verbs.change(silence, changes, by=alice, at=AT, based_on=silence.revision)

    found = Silence.objects.get()
    assert holds.pk == found.pk and found.revision > 0
    assert (found.reason, found.ends_at) == ("Replaced at noon", AT + 2 * HOUR)


def test_other_matchers_make_a_new_silence_and_nobody_hears_in_between(silence, alice):
    muted = Alert.objects.muted().get()
    column = [*named("NobodyKnows"), {"name": "severity", "operator": "=", "value": "critical"}]
    sent = Delivery.objects.count()
    holds = verbs.change(silence, {"matchers": column}, by=alice, at=AT + MINUTE)

    old = Silence.objects.get(pk=silence.pk)
    assert (old.matchers, old.ends_at, old.ended_by) == (
        *(named("NobodyKnows"), AT + MINUTE),
        alice,
    )
    assert holds.replaces == old and holds.matchers == column and holds.created_by == alice
    assert (holds.starts_at, holds.ends_at, holds.reason) == (AT + MINUTE, AT + HOUR, "Known")
    assert Alert.objects.muted().get() == muted and Delivery.objects.count() == sent
    assert Muting.objects.open().get().silence == holds
    assert Muting.objects.get(silence=old).ended_at == AT + MINUTE


def test_the_same_matchers_are_no_change(silence, alice):
    verbs.change(silence, {"matchers": named("NobodyKnows")}, by=alice, at=AT)

    assert Silence.objects.get().ends_at == AT + HOUR


def test_a_snooze_has_no_matchers(silence, alice):
    snooze = verbs.snooze(Alert.objects.first(), by=alice, at=AT, ends_at=AT + HOUR)
    with pytest.raises(Refused):
        verbs.change(snooze, {"matchers": named("x")}, by=alice, at=AT)
    assert verbs.change(snooze, {"reason": "Later"}, by=alice, at=AT).reason == "Later"


@pytest.mark.parametrize("changes", [{"reason": "x"}, {"matchers": named("x")}])
def test_what_is_over_stays(silence, alice, changes):
    with pytest.raises(SilenceOver):
        verbs.change(silence, changes, by=alice, at=AT + HOUR)


@pytest.mark.parametrize("changes", [{"ends_at": AT}, {"ends_at": AT + timedelta(days=31)}])
def test_an_end_that_cannot_be_is_refused(silence, alice, changes):
    with pytest.raises(Refused):
        verbs.change(silence, changes, by=alice, at=AT)


def test_the_later_of_two_is_told(silence, alice, rita):
    seen = silence.revision
    verbs.change(silence, {"reason": "One"}, by=alice, at=AT, based_on=seen)
    with pytest.raises(Stale):
        verbs.change(Silence.objects.get(), {"reason": "Two"}, by=rita, at=AT, based_on=seen)
    assert Silence.objects.get().reason == "One"


# Plans


def test_a_plan_moves_with_its_window(plan, alice):
    verbs.replan(plan, {"starts_at": AT + 3 * HOUR, "title": " Later "}, by=alice, at=AT)

    window = Window.objects.get()
    assert (window.starts_at, window.ends_at) == (AT + 3 * HOUR, AT + 4 * HOUR)
    assert Maintenance.objects.get().title == "Later"


def test_a_plan_that_recurs_has_the_windows_of_its_new_times(plan, alice):
    verbs.replan(plan, {"cron": "0 3 * * *", "until": AT + timedelta(days=3)}, by=alice, at=AT)
    assert [each.starts_at.hour for each in Window.objects.all()] == [3, 3, 3]
    cancelled = Window.objects.first()
    verbs.end(cancelled, by=alice, at=AT)

    verbs.replan(plan, {"duration": 2 * HOUR}, by=alice, at=AT)
    lengths = [each.ends_at - each.starts_at for each in Window.objects.order_by("starts_at")]
    assert lengths == [HOUR, 2 * HOUR, 2 * HOUR]
    verbs.replan(plan, {"cron": "0 4 * * *"}, by=alice, at=AT)
    kept = Window.objects.filter(cancelled_at=None).order_by("starts_at")
    assert [each.starts_at.hour for each in kept] == [4, 4, 4]
    assert Window.objects.filter(pk=cancelled.pk).exists()


def test_one_that_runs_ends_at_another_time_and_that_is_announced(plan, alice, rita):
    at = AT + HOUR + MINUTE
    assert announce(at)
    verbs.replan(plan, {"duration": 3 * HOUR}, by=alice, at=at)

    window = Window.objects.get()
    assert (window.starts_at, window.ends_at) == (AT + HOUR, AT + 4 * HOUR)
    told = Delivery.objects.filter(subject="Maintenance ends at another time: Move")
    assert {each.recipient for each in told} == {rita}
    assert "until 14 Mar 2026, 12:00:00 UTC" in told.first().text


def test_nobody_is_told_of_a_window_that_was_not_announced(plan, alice):
    verbs.replan(plan, {"duration": 3 * HOUR}, by=alice, at=AT + HOUR + MINUTE)

    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": AT + 2 * HOUR},
        {"duration": 5 * MINUTE},
        {"is_for_all": True, "services": []},
        {"services": []},
    ],
)
def test_while_it_runs_its_begin_and_services_stay(plan, alice, changes):
    with pytest.raises(Refused):
        verbs.replan(plan, changes, by=alice, at=AT + HOUR + 10 * MINUTE)
    assert Window.objects.get().ends_at == AT + 2 * HOUR


@pytest.mark.parametrize(
    "changes",
    [
        {"duration": MINUTE},
        {"starts_at": AT + timedelta(days=400)},
        {"until": AT + HOUR},
        {"services": []},
        {"cron": "0 3 * * *", "until": AT + MINUTE},
    ],
)
def test_what_cannot_be_planned_is_refused(plan, alice, changes):
    with pytest.raises(Refused):
        verbs.replan(plan, changes, by=alice, at=AT)


def test_what_is_over_or_cancelled_stays(plan, alice):
    with pytest.raises(WindowOver):
        verbs.replan(plan, {"title": "x"}, by=alice, at=AT + 3 * HOUR)
    verbs.cancel(plan, by=alice, at=AT)
    with pytest.raises(WindowOver):
        verbs.replan(Maintenance.objects.get(), {"title": "x"}, by=alice, at=AT)


def test_an_engine_that_read_the_plan_before_makes_its_windows_of_now(plan, alice):
    verbs.replan(plan, {"cron": "0 3 * * *"}, by=alice, at=AT)
    read = Maintenance.objects.get()
    verbs.replan(plan, {"cron": "0 5 * * *"}, by=alice, at=AT)
    read.extend(AT + timedelta(days=5))

    assert {each.starts_at.hour for each in Window.objects.all()} == {5}
