"""Many people and programs at one run in the same moment: one tick, one end, nobody's note lost."""

import pytest
from django.test import Client

from portal.accounts.models import Token
from runbooks.models import Run, Runbook, StepState
from runbooks.problems import WrongState
from tests.conftest import make_person
from tests.runbooks.test_concurrency import again, at_once, refusals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]
MANY = 8
TEXT = "- [ ] Fetch\n- [ ] Look {second person}\n"


@pytest.fixture
def people(shared_database):
    return [make_person(f"responder-{index}", "responder") for index in range(MANY)]


def published(title: str, people, **about) -> Runbook:
    paul = make_person(f"approver-of-{about['kind']}", "approver")
    runbook = Runbook.objects.start(title, by=people[0], text=TEXT, **about)
    version = runbook.newest
    version.submit(by=people[0])
    version.approve(by=paul)
    version.publish(by=paul)
    return again(runbook)


@pytest.fixture
def deploy(people):
    return published("Deploy", people, kind="deployment")


@pytest.fixture
def run(deploy, people):
    return Run.objects.start(deploy, by=people[0])


def program(person):
    _, plain = Token.objects.issue(person, "build", ["runbooks:read", "runbooks:write"], days=1)
    return {"Authorization": f"Bearer {plain}"}


def test_of_many_ticks_one_counts_and_every_note_stays(run, people):
    seen = [again(run) for _ in people]

    found = at_once(
        MANY, lambda index: seen[index].complete_step(1, by=people[index], note=f"Note {index}")
    )

    assert found.count(True) == 1
    assert found.count(False) == MANY - 1
    texts = run.entries.filter(step__number=1).values_list("text", flat=True)
    assert sorted(texts) == [f"Note {index}" for index in range(MANY)]
    assert run.entries.filter(kind="done").count() == 1
    assert run.steps.get(number=1).by == people[found.index(True)]


def test_a_button_pressed_again_and_again_is_one_tick(run, people):
    def press(index):
        client = Client()
        client.force_login(people[0])
        data = {"verb": "done", "note": "once"}
        return client.post(f"{run.get_absolute_url()}steps/1/", data).status_code

    assert at_once(MANY, press) == [302] * MANY
    assert run.entries.filter(step__number=1).count() == 1


def test_done_and_failed_at_once_leave_one_of_them(run, people):
    seen = [again(run), again(run)]
    verbs = [
        lambda: seen[0].complete_step(1, by=people[0], note="fine"),
        lambda: seen[1].fail_step(1, by=people[1], reason="broken"),
    ]

    found = at_once(2, lambda index: verbs[index]())

    assert len(refusals(found, WrongState)) == 1
    winner = found.index(True)
    step = run.steps.get(number=1)
    assert (step.state, step.note) == [("done", "fine"), ("failed", "broken")][winner]
    assert run.entries.filter(step=step).count() == 1


def test_of_many_second_people_one_confirms(run, people):
    run.complete_step(1, by=people[0])
    run.complete_step(2, by=people[0])
    seen = [again(run) for _ in people]

    found = at_once(MANY - 1, lambda index: seen[index].confirm_step(2, by=people[index + 1]))

    assert found.count(True) == 1
    assert run.entries.filter(kind="confirmed").count() == 1


def test_an_end_and_a_tick_at_once_leave_a_whole_state(run, people):
    run.skip_step(1, by=people[0], reason="x")
    run.skip_step(2, by=people[0], reason="x")
    seen = [again(run), again(run)]
    verbs = [
        lambda: seen[0].finish(by=people[0]),
        lambda: seen[1].retry_step(1, by=people[1]),
    ]

    found = at_once(2, lambda index: verbs[index]())

    assert len(refusals(found, WrongState)) == 1
    now, states = again(run), set(run.steps.values_list("state", flat=True))
    assert now.is_running == (StepState.OPEN in states)


def test_many_who_end_it_end_it_once(run, people):
    seen = [again(run) for _ in people]
    found = at_once(
        MANY, lambda index: seen[index].abort(by=people[index], reason=f"Reason {index}")
    )

    assert found.count(None) == 1
    assert again(run).outcome == f"Reason {found.index(None)}"
    assert run.entries.filter(kind="aborted").count() == 1


def test_what_was_taken_back_is_rolled_back_whoever_ended_it_first(run, people):
    back = published("Back", people, kind="rollback")
    run.runbook.links.create(target=back, address="back")
    undo = Run.objects.start(back, by=people[0], rollback_of=run)
    for number in (1, 2):
        undo.skip_step(number, by=people[0], reason="x")
    seen = [again(undo), again(run)]
    verbs = [
        lambda: seen[0].finish(by=people[0]),
        lambda: seen[1].finish(by=people[1], outcome="failed"),
    ]

    at_once(2, lambda index: verbs[index]())

    assert again(undo).state == "succeeded"
    assert again(run).state == "rolled_back"
    ends = run.entries.filter(kind__in=("failed", "rolled_back")).order_by("pk")
    assert list(ends.values_list("kind", flat=True)) in (["rolled_back"], ["failed", "rolled_back"])


def test_a_tick_sent_many_times_at_once_gets_one_answer(run, people):
    headers = program(people[0]) | {"Idempotency-Key": "tick"}

    def tick(index):
        address = f"/api/v1/runs/{run.pk}/steps/1/complete/"
        body = {"note": "by build"}
        return Client(headers=headers).post(address, body, content_type="application/json")

    answers = at_once(MANY, tick)

    assert [answer.status_code for answer in answers] == [200] * MANY
    assert len({answer.content for answer in answers}) == 1
    assert run.entries.filter(step__number=1).count() == 1


def test_a_build_that_starts_many_times_at_once_opens_one_run(deploy, people):
    headers = program(people[0]) | {"Idempotency-Key": "build-7"}

    def start(index):
        address = "/api/v1/runbooks/deploy/runs/"
        return Client(headers=headers).post(address, {}, content_type="application/json")

    answers = at_once(MANY, start)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Run.objects.count() == 1


def test_start_pressed_many_times_at_once_is_one_run(deploy, people):
    def press(index):
        client = Client()
        client.force_login(people[0])
        data = {"version": 1, "once": "8f14e45f-ceea-467f-a8a4-2d5f6c3b9e10"}
        return client.post("/runbooks/deploy/run/", data)["Location"]

    assert len(set(at_once(MANY, press))) == 1
    assert Run.objects.count() == 1
