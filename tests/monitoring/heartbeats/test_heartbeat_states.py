"""How a heartbeat stands after each ping, and as time goes by; the rules are healthchecks'."""

from datetime import timedelta
from uuid import UUID

import pytest

from portal.monitoring.heartbeats.announcements import announce
from portal.monitoring.models import Call, Flip, Heartbeat, Instance, Ping
from portal.notifications.models import Delivery
from tests.monitoring.heartbeats.conftest import AT, HOUR, MINUTE

pytestmark = pytest.mark.django_db
ONE, TWO = UUID(int=1), UUID(int=2)
START, FAIL, LOG = ({"signal": each} for each in ("start", "fail", "log"))


def flips(heartbeat) -> list[tuple[str, str, str]]:
    return list(heartbeat.flips.order_by("pk").values_list("before", "after", "reason"))


def test_it_is_new_until_it_reports_and_nobody_waits_for_it(backup, state):
    assert state(backup, AT + timedelta(days=9)) == "new"
    assert not Instance.objects.drop_one(AT + timedelta(days=9))


def test_it_is_up_then_late_then_down(backup, take, state):
    take(backup, AT)

    assert state(backup, AT) == state(backup, AT + HOUR - MINUTE) == "up"
    assert state(backup, AT + HOUR) == "grace"
    assert not Instance.objects.drop_one(AT + HOUR + 9 * MINUTE)
    assert Instance.objects.drop_one(AT + HOUR + 10 * MINUTE)
    assert state(backup, AT + HOUR + 10 * MINUTE) == "down"
    assert flips(backup) == [("new", "up", "success"), ("up", "down", "missed")]


def test_it_goes_down_once_however_long_it_is_over(backup, take):
    take(backup, AT)

    assert Instance.objects.drop_one(AT + 7 * HOUR)
    assert not Instance.objects.drop_one(AT + 14 * HOUR)
    assert Flip.objects.filter(after="down").count() == 1


def test_a_ping_that_comes_before_the_engine_looks_wins(backup, take, state):
    take(backup, AT)
    take(backup, AT + 7 * HOUR)

    assert not Instance.objects.drop_one(AT + 7 * HOUR)
    assert state(backup, AT + 7 * HOUR) == "up"
    assert flips(backup) == [("new", "up", "success")]


def test_an_engine_that_has_looked_before_a_ping_came_changes_nothing(backup, take, state):
    take(backup, AT)
    seen = Instance.objects.late(AT + 2 * HOUR).select_related("heartbeat").get()
    take(backup, AT + 2 * HOUR)

    assert seen.fall(at=AT + 2 * HOUR) is False
    assert state(backup, AT + 2 * HOUR) == "up"


def test_a_failure_is_down_at_once_and_a_success_up_again(backup, take, state):
    take(backup, AT)
    take(backup, AT + MINUTE, **FAIL, exit_status=2)
    assert state(backup, AT + MINUTE) == "down"
    take(backup, AT + 2 * MINUTE, **FAIL)
    take(backup, AT + 3 * MINUTE)

    assert state(backup, AT + 3 * MINUTE) == "up"
    assert flips(backup)[1:] == [("up", "down", "failure"), ("down", "up", "success")]


def test_a_log_changes_nothing(backup, take, state):
    take(backup, AT, **LOG)
    assert state(backup, AT) == "new"
    take(backup, AT, **FAIL)
    take(backup, AT + MINUTE, **LOG)

    assert state(backup, AT + MINUTE) == "down"


def test_a_start_is_seen_and_its_end_measured(backup, take, state):
    take(backup, AT, **START)
    assert state(backup, AT) == "started"

    ping = take(backup, AT + 3 * MINUTE)

    assert state(backup, AT + 3 * MINUTE) == "up"
    assert ping.duration == backup.instances.get().last_duration == 3 * MINUTE


def test_a_run_that_does_not_end_within_the_grace_is_down(backup, take, state):
    take(backup, AT)
    take(backup, AT + MINUTE, **START)

    assert Instance.objects.drop_one(AT + 11 * MINUTE)
    assert flips(backup)[-1] == ("up", "down", "overrun")


def test_a_longest_run_counts_instead_of_the_grace(backup, take):
    backup.change({"longest": 30 * MINUTE}, by=None)
    take(backup, AT, **START)

    assert not Instance.objects.drop_one(AT + 29 * MINUTE)
    assert Instance.objects.drop_one(AT + 30 * MINUTE)


def test_overlapping_runs_are_told_apart_by_their_ids(backup, take, state):
    take(backup, AT, **START, rid=ONE)
    take(backup, AT + MINUTE, **START, rid=TWO)

    first = take(backup, AT + 5 * MINUTE, rid=ONE)
    assert (first.duration, state(backup, AT + 5 * MINUTE)) == (5 * MINUTE, "started")
    second = take(backup, AT + 7 * MINUTE, rid=TWO)
    assert (second.duration, state(backup, AT + 7 * MINUTE)) == (6 * MINUTE, "up")


def test_an_end_with_an_unknown_id_is_not_measured_and_ends_no_other_run(backup, take, state):
    take(backup, AT, **START, rid=ONE)

    assert take(backup, AT + MINUTE, rid=TWO).duration is None
    assert state(backup, AT + MINUTE) == "started"


def test_a_failure_or_an_end_without_an_id_ends_any_run(backup, take):
    for end in (FAIL | {"rid": TWO}, {}):
        take(backup, AT, **START, rid=ONE)
        assert take(backup, AT + MINUTE, **end).duration is None
        assert backup.instances.get().started_at is None


def test_a_start_that_was_forgotten_days_ago_measures_nothing(backup, take):
    take(backup, AT, **START)

    assert take(backup, AT + timedelta(days=4)).duration is None


def test_hosts_of_a_fleet_stand_for_themselves_and_the_worst_counts(backup, take, state):
    take(backup, AT, instance="a")
    take(backup, AT + 30 * MINUTE, instance="b")
    at = AT + HOUR + 10 * MINUTE

    assert state(backup, at) == "grace"
    assert Instance.objects.drop_one(at) and not Instance.objects.drop_one(at)
    assert state(backup, at) == "down"
    assert dict(backup.instances.values_list("name", "state")) == {"a": "down", "b": "up"}


def test_a_host_that_is_gone_can_be_forgotten(backup, take, state, alice):
    take(backup, AT, instance="a")
    take(backup, AT, instance="b", **FAIL)
    backup.forget(backup.instances.get(name="b"), by=alice)

    assert state(backup, AT) == "up"


def test_paused_it_is_not_expected(backup, take, state, rita):
    take(backup, AT)
    backup.pause(by=rita, at=AT + MINUTE)

    assert state(backup, AT + 9 * HOUR) == "paused"
    assert not Instance.objects.drop_one(AT + 9 * HOUR)


def test_resumed_it_is_expected_one_period_later(backup, take, state, rita):
    take(backup, AT)
    backup.pause(by=rita, at=AT + MINUTE)
    backup.resume(by=rita, at=AT + 9 * HOUR)

    assert state(backup, AT + 9 * HOUR) == "up"
    assert not Instance.objects.drop_one(AT + 10 * HOUR)
    assert Instance.objects.drop_one(AT + 10 * HOUR + 10 * MINUTE)
    assert [flip[:2] for flip in flips(backup)[1:]] == [
        ("up", "paused"),
        ("paused", "up"),
        ("up", "down"),
    ]


def test_resumed_it_is_down_still_until_it_succeeds(backup, take, state, rita):
    take(backup, AT, **FAIL)
    backup.pause(by=rita, at=AT + MINUTE)
    backup.resume(by=rita, at=AT + 9 * HOUR)

    assert state(backup, AT + 9 * HOUR) == "down"
    assert not Instance.objects.drop_one(AT + 90 * HOUR)
    assert not Flip.objects.unannounced().exclude(instance__isnull=False).exists()
    take(backup, AT + 10 * HOUR)
    assert state(backup, AT + 10 * HOUR) == "up"
    assert [flip[:2] for flip in flips(backup)[1:]] == [
        ("down", "paused"),
        ("paused", "down"),
        ("down", "up"),
    ]


def test_a_ping_ends_a_pause_as_in_healthchecks(backup, take, state, rita):
    take(backup, AT)
    backup.pause(by=rita, at=AT + MINUTE)
    take(backup, AT + 2 * MINUTE, **LOG)
    take(backup, AT + 2 * MINUTE, **START)
    assert state(backup, AT + 2 * MINUTE) == "paused"
    take(backup, AT + 3 * MINUTE)

    assert state(backup, AT + 3 * MINUTE) == "up"
    assert flips(backup)[-1] == ("paused", "up", "ping")


def test_a_ping_does_not_where_only_people_resume_it(backup, take, state, rita):
    backup.change({"manual_resume": True}, by=rita)
    backup.pause(by=rita, at=AT)

    assert take(backup, AT + MINUTE).signal == "ignored"
    assert state(backup, AT + MINUTE) == "paused"


def test_a_pause_with_an_end_ends(backup, take, state, rita):
    take(backup, AT)
    backup.pause(by=rita, at=AT, until=AT + 8 * HOUR)

    assert not Heartbeat.objects.look_after_pauses(AT + 7 * HOUR)
    assert Heartbeat.objects.look_after_pauses(AT + 8 * HOUR)
    assert not Heartbeat.objects.look_after_pauses(AT + 8 * HOUR)
    assert (state(backup, AT + 8 * HOUR), flips(backup)[-1][2]) == ("up", "pause-ended")


def test_cron_decides_when_it_is_expected(take, state):
    at_three = Heartbeat.objects.make("Report", cron="@daily", zone="Europe/Berlin", grace=HOUR)
    take(at_three, AT)  # 9 in the morning in Berlin

    assert (at_three.cron, at_three.zone) == ("0 0 * * *", "Europe/Berlin")
    assert at_three.instances.get().expected_at == AT + 15 * HOUR
    assert state(at_three, AT + 15 * HOUR) == "grace"


def test_another_schedule_counts_from_the_last_run(backup, take, state, alice):
    take(backup, AT)
    backup.change({"every": 5 * HOUR}, by=alice)

    assert state(backup, AT + 4 * HOUR) == "up"
    assert not Instance.objects.drop_one(AT + 5 * HOUR)
    assert Instance.objects.drop_one(AT + 5 * HOUR + 10 * MINUTE)


@pytest.fixture
def told(backup, olga):
    """The subjects of what operators are told."""

    def told() -> list[str]:
        while announce(AT + timedelta(days=90)):
            pass
        mine = Delivery.objects.of(olga)
        return list(mine.order_by("pk").values_list("subject", flat=True))

    return told


def test_a_suspiciously_short_run_is_told(backup, take, told, state):
    backup.change({"shortest": 2 * MINUTE}, by=None)
    take(backup, AT, **START)
    ping = take(backup, AT + MINUTE)

    assert (ping.verdict, backup.instances.get().verdict) == ("short", "short")
    assert told() == ["Suspiciously short: Nightly backup"]
    assert state(backup, AT + MINUTE) == "up"


def test_a_run_that_took_too_long_is_told(backup, take, told):
    backup.change({"longest": 2 * MINUTE}, by=None)
    take(backup, AT, **START)

    assert take(backup, AT + 3 * MINUTE).verdict == "long"
    assert told() == ["Too long: Nightly backup"]


def test_a_run_whose_alert_said_so_is_not_told_again_when_it_ends(backup, take, told):
    backup.change({"longest": 2 * MINUTE}, by=None)
    take(backup, AT, **START)
    assert Instance.objects.drop_one(AT + 2 * MINUTE)

    assert take(backup, AT + 3 * MINUTE).verdict == "long"
    assert told() == ["Fires: Nightly backup", "Resolved: Nightly backup"]


def test_a_long_run_of_what_was_down_for_another_reason_is_told(backup, take, told):
    backup.change({"longest": 2 * MINUTE}, by=None)
    take(backup, AT, **FAIL)
    take(backup, AT + MINUTE, **START)
    take(backup, AT + 5 * MINUTE)

    assert "Too long: Nightly backup" in told()


def test_a_short_failure_is_a_failure_and_nothing_else(backup, take, told):
    backup.change({"shortest": 2 * MINUTE}, by=None)
    take(backup, AT, **START)
    take(backup, AT + MINUTE, **FAIL)

    assert told() == ["Fires: Nightly backup"]


def test_a_pause_without_an_end_is_told_of_after_days_once(backup, told, olga):
    backup.pause(by=olga, at=AT)
    look = Heartbeat.objects.look_after_pauses
    later = AT + timedelta(days=7)

    assert not look(later - MINUTE)
    assert look(later) and not look(later + timedelta(days=30))
    assert told() == ["Still paused: Nightly backup"]


def test_pings_are_numbered_for_each_instance(backup, take):
    for name in ("a", "b", "a"):
        take(backup, AT, instance=name)

    assert sorted(Ping.objects.values_list("instance__name", "n")) == [("a", 1), ("a", 2), ("b", 1)]


def test_a_ping_that_comes_just_after_another_one_ended_the_pause_is_kept(backup, take):
    take(backup, AT, instance="a")
    backup.instances.create(name="b")
    backup.pause(by=None, at=AT)
    late = Instance.objects.for_writing().get(heartbeat=backup, name="b")  # reads that it is paused
    take(backup, AT + MINUTE, instance="a")
    late.take(Call(), at=AT + MINUTE)

    assert late.pings == 1
    late.refresh_from_db()
    assert (late.state, late.down_at) == ("up", AT + HOUR + 11 * MINUTE)
    assert list(Flip.objects.filter(before="paused").values_list("reason", flat=True)) == ["ping"]
