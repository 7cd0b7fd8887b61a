"""Silences and snoozes stop calls, never the recording; what still fires is announced once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from portal.core.markdown import patterns
from portal.core.problems import Refused
from portal.monitoring.models import Alert, Muting, Silence
from portal.monitoring.models.silences import SilenceOver, TooManySilences
from portal.monitoring.muting import settlement, verbs
from portal.monitoring.muting.causes import Causes
from portal.monitoring.muting.settlement import settle
from portal.notifications.models import Delivery

from .conftest import after, matcher

pytestmark = pytest.mark.django_db
ORDERS = [matcher("service", "=", "orders")]


def silence(by, at, column=ORDERS, **more):
    given = {"ends_at": after(hours=2), "reason": "The disk is being replaced", **more}
    return verbs.silence(column, by=by, at=at, **given)


def test_what_begins_while_it_is_silenced_calls_nobody_and_is_recorded(fire, told, rita, at):
    silence(rita, at)
    alert = fire(at=after(minutes=5))

    assert (alert.is_firing, alert.muted_by, told()) == (True, "silence", [])
    muting = Muting.objects.get()
    assert muting.is_withheld
    assert muting.why == f"Silenced by {rita}: “The disk is being replaced”"
    assert muting.until == after(hours=2)


def test_other_alerts_call_as_ever(fire, told, rita, at):
    silence(rita, at)
    fire(of="payments")

    assert told() == ["Fires: DiskFillsUp"]


def test_it_mutes_at_once_what_fires_already(fire, rita, at):
    alert = fire()
    silence(rita, after(minutes=1))

    alert.refresh_from_db()
    assert alert.muted_by == "silence"
    assert not Alert.objects.calling().exists()
    assert not Muting.objects.get().is_withheld


def test_what_still_fires_at_the_end_is_announced_once_by_any_number_of_engines(
    fire, told, rita, at
):
    silence(rita, at)
    alert = fire(at=after(minutes=5))

    assert not settle(after(hours=1, minutes=59))
    changed = [settle(after(hours=2)) for _ in range(3)]
    assert changed == [True, False, False]
    assert told() == ["Still fires: DiskFillsUp"]
    alert.refresh_from_db()
    assert alert.muted_by == ""
    muting = Muting.objects.get()
    assert (muting.ended_at, [muting.told_key]) == (after(hours=2), alert.told)
    assert "Muted until now: Silenced by" in Delivery.objects.first().text


def test_what_ended_meanwhile_is_resolved_and_nobody_is_told(fire, told, rita, at):
    silence(rita, at)
    fire(at=after(minutes=5))
    alert = fire(at=after(minutes=30), over=True)
    settle(after(hours=2))

    assert (alert.is_firing, alert.muted_by, alert.ends_at) == (False, "", after(minutes=30))
    assert told() == []
    assert Muting.objects.get().ended_at == after(minutes=30)


def test_who_was_told_that_it_fires_hears_that_it_is_over(fire, told, rita, at):
    fire()
    silence(rita, after(minutes=1))
    fire(at=after(minutes=30), over=True)

    assert told() == ["Fires: DiskFillsUp", "Resolved: DiskFillsUp"]


def test_what_is_resolved_by_hand_is_muted_no_longer(fire, told, rita, at):
    silence(rita, at)
    alert = fire(at=after(minutes=5))
    alert.resolve(by=rita, note="The rule was wrong", at=after(minutes=6))

    assert settle(after(minutes=7))
    alert.refresh_from_db()
    assert (alert.muted_by, told()) == ("", [])


def test_ended_by_hand_it_announces_at_once(fire, told, rita, at):
    row = silence(rita, at)
    fire(at=after(minutes=5))
    verbs.end(row, by=rita, at=after(minutes=10))

    assert told() == ["Still fires: DiskFillsUp"]
    with pytest.raises(SilenceOver):
        Silence.objects.get().end(by=rita, at=after(minutes=11))


def test_what_is_acknowledged_calls_nobody_again_when_its_muting_ends(fire, told, rita, at):
    alert, other = fire(), fire("MemoryIsFull")
    rows = [verbs.snooze(each, by=rita, at=at, ends_at=after(hours=2)) for each in (alert, other)]
    alert.acknowledge(by=rita, at=after(minutes=1))
    verbs.end(rows[0], by=rita, at=after(minutes=2))
    settle(after(hours=2))

    assert told() == ["Fires: DiskFillsUp", "Fires: MemoryIsFull", "Still fires: MemoryIsFull"]
    assert [each.was_in_hand for each in Muting.objects.order_by("pk")] == [True, False]
    assert not Alert.objects.muted().exists()


def test_of_two_silences_the_later_end_counts(fire, told, rita, at):
    silence(rita, at)
    fire(at=after(minutes=5))
    other = silence(rita, after(minutes=6), ends_at=after(hours=3))

    settle(after(hours=2))
    assert told() == []
    assert Muting.objects.open().get().silence == other
    settle(after(hours=3))
    assert told() == ["Still fires: DiskFillsUp"]


def test_an_extended_one_goes_on(fire, told, rita, at):
    row = silence(rita, at)
    fire(at=after(minutes=5))
    verbs.extend(row, by=rita, ends_at=after(hours=4), at=after(hours=1))

    assert not settle(after(hours=3))
    assert Muting.objects.get().until == after(hours=4)


def test_one_that_begins_later_mutes_from_then_on(fire, rita, at):
    silence(rita, at, starts_at=after(hours=1))
    alert = fire()

    assert alert.muted_by == ""
    settle(after(hours=1))
    alert.refresh_from_db()
    assert alert.muted_by == "silence"


def test_one_that_was_ended_before_it_began_mutes_nothing(fire, rita, at):
    row = silence(rita, at, starts_at=after(hours=1))
    verbs.end(row, by=rita, at=after(minutes=1))
    alert = fire(at=after(hours=1, minutes=1))

    assert (alert.muted_by, Silence.objects.past(after(minutes=1)).count()) == ("", 1)


def test_a_snooze_is_of_one_alert_also_when_it_flaps(fire, rita, at):
    alert = fire()
    verbs.snooze(alert, by=rita, at=at, ends_at=after(hours=2))
    fire(at=after(minutes=10), over=True)
    again = fire(at=after(minutes=20))
    other = fire("QueueIsLong", at=after(minutes=20))

    assert (again.muted_by, other.muted_by) == ("silence", "")
    assert str(Silence.objects.get()) == "Snooze of DiskFillsUp"


def test_a_muted_alert_can_be_acknowledged(fire, rita, at):
    silence(rita, at)
    alert = fire(at=after(minutes=5))
    alert.acknowledge(by=rita)

    assert Alert.objects.get().acknowledged_by == rita


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"ends_at": after(days=31)}, "/ends_at"),
        ({"ends_at": after()}, "/ends_at"),
        ({"starts_at": after(days=91), "ends_at": after(days=92)}, "/starts_at"),
    ],
)
def test_it_ends_and_soon_enough(rita, at, given, pointer):
    with pytest.raises(Refused) as refused:
        silence(rita, at, **given)
    assert refused.value.extra["pointer"] == pointer


def test_an_end_is_not_put_off_for_ever(rita, at):
    row = silence(rita, at)
    with pytest.raises(Refused):
        row.extend(by=rita, ends_at=after(days=31), at=at)
    with pytest.raises(SilenceOver):
        row.extend(by=rita, ends_at=after(days=1), at=after(hours=2) + timedelta(seconds=1))


def test_muting_many_costs_as_many_queries_as_muting_few(
    fire, rita, at, django_assert_max_num_queries
):
    for number in range(30):
        fire(f"Alert{number}", of=f"service-{number % 7}")
    with django_assert_max_num_queries(30):
        silence(rita, after(minutes=1), [matcher("alertname", "=~", "Alert.*")])
    assert Alert.objects.muted().count() == 30
    with django_assert_max_num_queries(45):
        settle(after(hours=3))
    assert Alert.objects.calling().count() == 30


def expressions(count, name="zone"):
    return [matcher(name, "=~", f"{name}{n}.*|.+") for n in range(count)]


def test_the_expressions_of_silences_are_compiled_once_for_any_number_of_alerts(
    fire, rita, at, monkeypatch
):
    for name in ("zone", "rack", "row"):
        silence(rita, at, expressions(15, name))
    for number in range(4):
        fire(of=f"service-{number}", zone="a", rack="b", row="c")
    firing = list(Alert.objects.firing().select_related("service"))
    asked, real = [], patterns.compiled
    monkeypatch.setattr(patterns, "compiled", lambda each: asked.append(each) or real(each))
    found = Causes(after(minutes=1)).of(firing, firing)

    assert len(found) == len(firing) == 4
    assert len(asked) == len(set(asked)) == 45


def test_all_silences_together_have_a_bounded_number_of_expressions(rita, at):
    for _ in range(10):
        silence(rita, at, expressions(20))
    with pytest.raises(TooManySilences, match="have 200 regular expressions, and this one 1;"):
        silence(rita, at, expressions(1))
    silence(rita, at, ORDERS)

    assert Silence.objects.count() == 11
    silence(rita, after(hours=2), expressions(1), ends_at=after(hours=3))  # the others are over


def test_what_begins_while_an_engine_settles_stays_muted(fire, rita, at):
    """It comes after the engine locked what fires, and before it reads what is muted."""
    silence(rita, at)
    fire(at=after(minutes=1))
    came = []

    def meanwhile(execute, sql, *how):
        if not came and 'FROM "monitoring_muting" INNER JOIN "monitoring_alert"' in sql:
            came.append(sql)
            fire("Another", at=after(minutes=2))
        return execute(sql, *how)

    with connection.execute_wrapper(meanwhile), transaction.atomic():
        changed = settlement._settled(after(minutes=3))

    assert (len(came), changed) == (1, False)
    assert Alert.objects.muted().count() == Muting.objects.open().count() == 2


def test_alerts_are_locked_in_the_order_of_their_keys_everywhere(fire):
    fire()
    touched = Alert.objects.touched("tool", ["DiskFillsUp-orders"], since=after(hours=0))

    assert touched.query.order_by == settlement._firing().query.order_by == ("pk",)
