"""Following a guide: ticks survive devices and new versions; figures get honest times."""

from datetime import timedelta

import pytest

from onboarding.models import Progress, StuckReport
from onboarding.problems import WrongState
from portal.core.problems import Refused


def test_the_last_tick_completes_it(begun):
    look, search = begun.version.keys

    assert begun.done(look)
    assert not begun.is_complete
    assert begun.done(search)
    assert begun.is_complete


def test_two_devices_have_one_progress_and_one_tick(published, nina, begun):
    other = Progress.objects.start(published, by=nina)
    key = begun.version.keys[0]

    assert other.pk == begun.pk
    assert begun.done(key)
    assert not other.done(key)
    assert other.done_keys() == {key}


def test_visible_seconds_add_up_and_are_capped(begun):
    key = begun.version.keys[0]

    begun.view(key, seconds=20)
    begun.view(key, seconds=15)
    begun.view(key, seconds=10**9)

    assert begun.steps.get(key=key).seconds == 35 + 3600


def test_who_is_in_the_middle_finishes_the_old_version(published, begun, alice):
    published.steps.last().remove(by=alice)
    published.publish(by=alice)

    for key in begun.version.keys:
        begun.done(key)
    assert begun.is_complete
    assert begun.version.number == 1


def test_or_moves_over_without_losing_a_tick(published, begun, alice):
    look = begun.version.keys[0]
    begun.done(look)
    published.steps.last().remove(by=alice)
    published.publish(by=alice)

    begun = Progress.objects.get(pk=begun.pk)
    assert begun.is_behind
    begun.move_over()
    assert begun.version.number == 2
    assert begun.is_complete  # what is left of it was done


def test_a_step_of_another_guide_is_refused(begun):
    with pytest.raises(Refused):
        begun.done("6f2f7a1e-0000-4000-8000-000000000000")


def test_reading_is_confirmed_only_where_somebody_asked(begun, published, nina, alice):
    with pytest.raises(WrongState, match="Nobody asked"):
        begun.acknowledge()

    published.describe(by=alice, asks_acknowledgement=True)
    published.publish(by=alice)
    begun = Progress.objects.get(pk=begun.pk)
    begun.move_over()
    with pytest.raises(WrongState, match="Finish"):
        begun.acknowledge()
    for key in begun.version.keys:
        begun.done(key)
    begun.acknowledge()
    assert begun.acknowledged_at


def test_stuck_is_a_task_of_the_owner_until_somebody_answers(begun, published, nina, alice, paul):
    key = begun.version.keys[1]
    report = StuckReport.objects.report(begun, key, by=nina, text="No box.", page="/guides/x/")

    assert list(StuckReport.objects.for_owner(alice)) == [report]
    assert list(StuckReport.objects.for_owner(paul)) == []
    assert report.step_title == "Search"
    report.settle(by=alice, answer="It is at the top.")
    assert list(StuckReport.objects.for_owner(alice)) == []
    with pytest.raises(WrongState):
        report.settle(by=alice, close=True)


def test_it_is_nobodys_any_more_once_it_was_anonymised(begun, nina):
    assert Progress.objects.anonymise(before=begun.seen_at) == 0
    assert Progress.objects.anonymise(before=begun.seen_at + timedelta(seconds=1)) == 1
    begun.refresh_from_db()
    assert begun.user is None


def test_nobody_begins_an_archived_guide_and_who_began_may_finish(begun, published, alice, rita):
    published.archive(by=alice)

    with pytest.raises(WrongState, match="archived"):
        Progress.objects.start(published, by=rita)
    assert Progress.objects.start(published, by=begun.user).pk == begun.pk
    for key in begun.version.keys:
        begun.done(key)
    assert begun.is_complete


def test_a_double_click_makes_no_second_report(begun, nina):
    key = begun.version.keys[0]
    first = StuckReport.objects.report(begun, key, by=nina, text="No box.")

    assert StuckReport.objects.report(begun, key, by=nina, text=" No box. ") == first
