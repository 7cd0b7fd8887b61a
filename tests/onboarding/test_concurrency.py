"""Two devices, two clicks, two keepers at once: one outcome, nothing lost, nobody told twice."""

import pytest

from onboarding.models import (
    Assignment,
    Guide,
    Progress,
    Question,
    Step,
    StepProgress,
    StuckReport,
)
from onboarding.problems import StaleQuestion, WrongState
from portal.notifications.models import Delivery
from tests.conftest import make_person
from tests.runbooks.test_concurrency import again, at_once, refusals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]
DEVICES = 6


@pytest.fixture
def alice(shared_database):
    return make_person("alice", "author")


@pytest.fixture
def nina(shared_database):
    return make_person("nina", "reader")


@pytest.fixture
def guide(alice):
    guide = Guide.objects.start("First day", by=alice)
    for title in ("Look", "Search"):
        Step.objects.add(guide, by=alice, title=title)
    guide.publish(by=alice)
    return again(guide)


def test_many_devices_begin_one_progress(guide, nina):
    found = at_once(DEVICES, lambda _: Progress.objects.start(again(guide), by=nina).pk)

    assert len(set(found)) == 1
    assert Progress.objects.count() == 1


def test_of_many_ticks_one_counts_and_the_guide_is_complete_once(guide, nina):
    progress = Progress.objects.start(guide, by=nina)
    keys = progress.version.keys

    found = at_once(DEVICES, lambda index: again(progress).done(keys[index % 2]))

    assert found.count(True) == 2
    assert StepProgress.objects.count() == 2
    assert again(progress).is_complete


def test_seconds_of_all_devices_add_up(guide, nina):
    progress = Progress.objects.start(guide, by=nina)
    key = progress.version.keys[0]

    at_once(DEVICES, lambda _: again(progress).view(key, seconds=10))

    assert progress.steps.get().seconds == 10 * DEVICES


def test_of_many_answers_one_counts(guide, nina, alice):
    progress = Progress.objects.start(guide, by=nina)
    report = StuckReport.objects.report(progress, progress.version.keys[0], by=nina, text="x")

    found = at_once(DEVICES, lambda n: again(report).settle(by=alice, answer=f"Answer {n}"))

    assert found.count(None) == 1
    assert len(refusals(found, WrongState)) == DEVICES - 1
    assert Delivery.objects.filter(recipient=nina).count() == 1


def test_many_clicks_make_one_assignment(guide, nina, alice):
    at_once(DEVICES, lambda _: Assignment.objects.assign(again(guide), by=alice, user=nina).pk)

    assert Assignment.objects.count() == 1
    assert Delivery.objects.filter(recipient=nina).count() == 1


def test_many_clicks_make_one_report(guide, nina):
    progress = Progress.objects.start(guide, by=nina)
    key = progress.version.keys[0]

    def report(_):
        return StuckReport.objects.report(again(progress), key, by=nina, text="Where?").pk

    assert len(set(at_once(DEVICES, report))) == 1
    assert StuckReport.objects.count() == 1


def test_of_many_authors_of_one_answer_one_is_kept_and_the_others_are_told(alice):
    row = Question(topic="Sign-in", question="Why not?")
    row.write(by=alice, answer="Ask.")
    seen = row.etag

    found = at_once(
        DEVICES, lambda n: again(row).write(by=alice, answer=f"Answer {n}", based_on=seen)
    )

    stale = refusals(found, StaleQuestion)
    assert (found.count(None), len(stale)) == (1, DEVICES - 1)
    assert again(row).answer == f"Answer {found.index(None)}"
    assert {refusal.extra["current"] for refusal in stale} == {again(row).etag}
