"""Following a guide: ticks survive devices and new versions; figures get honest times."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from onboarding.models import Assignment, Guide, PastProgress, Progress, Step, StuckReport
from onboarding.problems import WrongState
from onboarding.progress import audience, membership, statistics
from portal.core.problems import Missing


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
    with pytest.raises(Missing):
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


@pytest.fixture
def confirmed(published, alice, nina):
    """Version 2 asks for a confirmation, and nina finished it."""
    published.describe(by=alice, asks_acknowledgement=True)
    published.publish(by=alice)
    begun = Progress.objects.start(published, by=nina)
    for key in begun.version.keys:
        begun.view(key, seconds=10)
        begun.done(key)
    begun.acknowledge()
    return begun


def next_version(guide, alice) -> None:
    Step.objects.add(guide, by=alice, title="New", text="Look.")
    guide.publish(by=alice)


def again(progress) -> Progress:
    return Progress.objects.get(pk=progress.pk)


def counted(guide) -> dict[int, tuple]:
    """Version -> begun, completed, confirmed."""
    rows = statistics.of_versions(guide, at=timezone.now())
    return {v.number: (each.started, each.completed, each.acknowledged) for v, each in rows}


def test_who_moves_over_has_completed_and_confirmed_only_the_older_one(
    confirmed, published, alice, nina
):
    next_version(published, alice)
    progress = again(confirmed)
    progress.move_over()

    assert (progress.version.number, progress.completed_at, progress.acknowledged_at) == (
        3,
        None,
        None,
    )
    past = progress.past.get()
    assert past.version.number == 2
    assert past.completed_at and past.acknowledged_at
    assert counted(published) == {1: (0, 0, 0), 2: (1, 1, 1), 3: (1, 0, 0)}
    assert [step.done for step in statistics.steps_of(past.version)] == [1, 1]
    assert [step.done for step in statistics.steps_of(progress.version)] == [1, 1, 0]


def test_each_person_counts_once_in_a_guide_and_what_they_finished_stays(
    confirmed, published, alice, nina
):
    next_version(published, alice)
    progress = again(confirmed)
    progress.move_over()

    rows = statistics.of_versions(published, at=timezone.now())
    both = statistics.of_guide(published, rows)
    assert (both.started, both.completed, both.acknowledged) == (1, 1, 1)
    assert list(Guide.objects.open_for(nina)) == [published]  # the new step is left
    Assignment.objects.assign(published, by=alice, user=nina)
    assert audience.by_guide(at=timezone.now())[published.pk].done == 1


def test_what_was_done_after_moving_over_is_not_of_the_older_version(begun, published, alice):
    look, search = begun.version.keys
    begun.done(look)
    old = begun.version
    next_version(published, alice)
    begun = again(begun)
    begun.move_over()
    begun.done(search)

    assert [(step.reached, step.done) for step in statistics.steps_of(old)] == [(1, 1), (0, 0)]
    assert [step.done for step in statistics.steps_of(begun.version)] == [1, 1, 0]


def test_a_version_with_the_same_words_asks_nothing_again(confirmed, published, alice):
    published.publish(by=alice)
    progress = again(confirmed)
    was = progress.completed_at, progress.acknowledged_at
    progress.move_over()

    assert progress.version.number == 3
    assert (progress.completed_at, progress.acknowledged_at) == was


def test_moving_over_from_two_devices_leaves_one_version_once(begun, published, alice):
    next_version(published, alice)
    one, other = again(begun), again(begun)
    one.move_over()
    other.move_over()

    assert PastProgress.objects.count() == 1
    assert other.version_id == one.version_id


def test_completed_and_not_confirmed_is_open_until_it_is_confirmed(published, alice, nina):
    published.describe(by=alice, asks_acknowledgement=True)
    published.publish(by=alice)
    Assignment.objects.assign(published, by=alice, user=nina)
    begun = Progress.objects.start(published, by=nina)
    for key in begun.version.keys:
        begun.done(key)

    assert begun.is_complete and not begun.finished_at
    assert list(Guide.objects.open_for(nina)) == [published]
    assert audience.by_guide(at=timezone.now())[published.pk].done == 0
    assert membership.of_guide(published, at=timezone.now())[0].status.word == "Not confirmed"
    begun.acknowledge()
    assert list(Guide.objects.open_for(nina)) == []
    assert audience.by_guide(at=timezone.now())[published.pk].done == 1
    assert membership.of_guide(published, at=timezone.now())[0].status.word == "Completed"


def test_what_was_finished_before_the_update_still_is(confirmed, published, alice, rita, paul):
    """The migration: what is completed is through; without the confirmation that is asked, open."""
    fill = import_module("onboarding.migrations.0004_what_was_finished").fill
    Progress.objects.start(published, by=paul)
    unconfirmed = Progress.objects.start(published, by=rita)
    for key in unconfirmed.version.keys:
        unconfirmed.done(key)
    was = dict(Progress.objects.values_list("user", "finished_at"))
    Progress.objects.update(through_at=None, finished_at=None)

    fill(apps, None)

    assert dict(Progress.objects.values_list("user", "finished_at")) == was
    assert was[confirmed.user_id] and not was[rita.pk]
    assert Progress.objects.filter(through_at=None).get().user == paul
