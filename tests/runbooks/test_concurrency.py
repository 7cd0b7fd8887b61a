"""Two people, two clicks, twenty programs at once: one winner, nothing lost.

Each thread has a connection of its own.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from portal.accounts.models import Token
from portal.core.problems import DomainError
from portal.search.query import search
from runbooks.models import Runbook, State, Version
from runbooks.problems import StaleVersion, WrongState
from tests.conftest import make_person

EDITORS = 8
PROGRAMS, SAVES = 20, 10

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]


def at_once(count: int, act) -> list:
    """What `act(index)` returned or refused in each of so many threads that start together."""
    ready = Barrier(count)

    def run(index):
        ready.wait()
        try:
            return act(index)
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def refusals(found: list, kind: type) -> list:
    return [each for each in found if isinstance(each, kind)]


@pytest.fixture
def alice(shared_database):
    return make_person("alice", "author")


@pytest.fixture
def approvers(shared_database):
    return [make_person(f"approver-{index}", "approver") for index in range(4)]


@pytest.fixture
def disk(alice):
    return Runbook.objects.start("Disk fills up", by=alice, text="First.")


@pytest.fixture
def reviewed(disk, approvers):
    """A version that was approved and is not published yet."""
    version = disk.newest
    version.submit(by=version.author)
    version.approve(by=approvers[0])
    return version


def again(row):
    """The same row as another process reads it."""
    return type(row).objects.get(pk=row.pk)


def test_of_many_editors_one_saves_and_the_others_keep_all_three_texts(disk, alice):
    seen = [again(disk) for _ in range(EDITORS)]

    found = at_once(
        EDITORS, lambda index: seen[index].draft(f"Text {index}.", author=alice, based_on=1)
    )

    stale = refusals(found, StaleVersion)
    [winner] = [each for each in found if isinstance(each, Version)]
    assert len(stale) == EDITORS - 1
    assert [each.base.text for each in stale] == ["First."] * len(stale)
    assert [each.theirs.text for each in stale] == [winner.text] * len(stale)
    texts = {each.yours for each in stale} | {winner.text}
    assert texts == {f"Text {index}." for index in range(EDITORS)}
    assert list(disk.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_of_many_clicks_on_submit_one_counts(disk, alice):
    seen = [again(disk.newest) for _ in range(EDITORS)]

    found = at_once(EDITORS, lambda index: seen[index].submit(by=alice))

    assert found.count(None) == 1
    assert len(refusals(found, WrongState)) == EDITORS - 1


def test_of_many_approvers_one_decides(disk, alice, approvers):
    disk.newest.submit(by=alice)
    seen = [again(disk.newest) for _ in approvers]

    found = at_once(
        len(approvers), lambda index: seen[index].approve(by=approvers[index], note=str(index))
    )

    winner = found.index(None)
    assert len(refusals(found, WrongState)) == len(approvers) - 1
    assert again(disk.newest).reviewer == approvers[winner]
    assert again(disk.newest).review_note == str(winner)


def test_approval_and_refusal_at_once_leave_one_of_them(disk, alice, approvers):
    disk.newest.submit(by=alice)
    seen = [again(disk.newest) for _ in range(2)]
    verbs = [
        lambda: seen[0].approve(by=approvers[0], note="Good"),
        lambda: seen[1].reject(by=approvers[1], note="Bad"),
    ]

    found = at_once(2, lambda index: verbs[index]())

    decided = again(disk.newest)
    assert len(refusals(found, WrongState)) == 1
    expected = [(State.IN_REVIEW, "Good"), (State.REJECTED, "Bad")][found.index(None)]
    assert (decided.state, decided.review_note) == expected


def test_of_many_clicks_on_publish_one_counts(disk, reviewed, approvers):
    seen = [again(reviewed) for _ in range(EDITORS)]

    found = at_once(EDITORS, lambda index: seen[index].publish(by=approvers[index % 4]))

    assert found.count(None) == 1
    assert len(refusals(found, WrongState)) == EDITORS - 1
    assert again(disk).published == reviewed
    assert disk.versions.filter(state=State.PUBLISHED).count() == 1


def test_publishing_and_a_newer_draft_at_once_leave_a_whole_state(disk, reviewed, alice, approvers):
    seen = [again(reviewed), again(disk)]
    verbs = [
        lambda: seen[0].publish(by=approvers[1]),
        lambda: seen[1].draft("Second.", author=alice, based_on=1),
    ]

    found = at_once(2, lambda index: verbs[index]())

    first, second = disk.versions.order_by("number")
    shown = again(disk).published
    assert isinstance(found[1], Version)
    assert second.state == State.DRAFT
    if found[0] is None:
        assert (first.state, shown) == (State.PUBLISHED, first)
    else:
        assert (first.state, shown) == (State.SUPERSEDED, None)


def test_a_request_sent_many_times_at_once_makes_one_runbook(alice):
    _, plain = Token.objects.issue(alice, "retry", ["read", "write"], days=1)
    headers = {"Authorization": f"Bearer {plain}", "Idempotency-Key": "once"}

    def post(index):
        body = {"title": "Once", "text": "Text."}
        return Client(headers=headers).post(
            "/api/v1/runbooks/", body, content_type="application/json"
        )

    answers = at_once(EDITORS, post)

    assert [answer.status_code for answer in answers] == [201] * EDITORS
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == EDITORS - 1
    assert Runbook.objects.count() == 1


def test_of_many_programs_that_describe_the_same_state_one_wins(disk, alice):
    _, plain = Token.objects.issue(alice, "sync", ["read", "write"], days=1)
    headers = {"Authorization": f"Bearer {plain}", "If-Match": disk.etag}

    def describe(index):
        body = {"title": f"Title {index}"}
        address = f"/api/v1/runbooks/{disk.slug}/"
        return Client(headers=headers).patch(address, body, content_type="application/json")

    answers = at_once(EDITORS, describe)

    [winner] = [answer for answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (EDITORS - 1)
    assert again(disk).title == winner.json()["title"]


def test_many_changes_at_once_leave_it_findable(disk, approvers):
    seen = [again(disk) for _ in range(EDITORS)]

    assert at_once(EDITORS, lambda index: seen[index].touch()) == [None] * EDITORS
    hits = search("disk", user=approvers[0]).hits
    assert [hit.slug for hit in hits] == [disk.slug]


def test_twenty_programs_lose_nothing(alice):
    _, plain = Token.objects.issue(alice, "sync", ["read", "write"], days=1)
    runbooks = [
        Runbook.objects.start(f"Runbook {index}", by=alice, text="0") for index in range(PROGRAMS)
    ]

    def save(index):
        client = Client(headers={"Authorization": f"Bearer {plain}"})
        address = f"/api/v1/runbooks/{runbooks[index].slug}/versions/"
        tag, statuses = runbooks[index].newest.etag, set()
        for number in range(SAVES):
            answer = client.post(
                address,
                {"text": f"{index}: {number}"},
                content_type="application/json",
                headers={"If-Match": tag},
            )
            statuses.add(answer.status_code)
            tag = answer.headers.get("ETag", "")
        return statuses

    assert at_once(PROGRAMS, save) == [{201}] * PROGRAMS
    wanted = list(range(1, SAVES + 2))
    for index, runbook in enumerate(runbooks):
        rows = runbook.versions.order_by("number").values_list("number", "text")
        assert [number for number, _ in rows] == wanted
        assert [text for _, text in rows][1:] == [f"{index}: {n}" for n in range(SAVES)]


STEPS_OF_PUBLISHING = (
    "runbooks.models.versions.record",
    "runbooks.models.runbook.Runbook.show",
    "runbooks.models.runbook.refresh_links",
    "runbooks.models.runbook.Runbook.touch",
    "portal.search.index.put",
)


@pytest.mark.parametrize("step", STEPS_OF_PUBLISHING)
def test_a_crash_while_publishing_leaves_what_was(
    disk, reviewed, alice, approvers, step, monkeypatch
):
    reviewed.publish(by=approvers[0])
    newer = again(disk).draft("Second. [Broken](nowhere.md)", author=alice, based_on=1)
    newer.submit(by=alice)
    newer.approve(by=approvers[0])
    before = everything(disk)

    def crash(*arguments, **named):
        raise MemoryError(step)

    monkeypatch.setattr(step, crash)
    with pytest.raises(MemoryError):
        again(newer).publish(by=approvers[1])
    monkeypatch.undo()

    assert everything(disk) == before
    again(newer).publish(by=approvers[1])
    assert again(disk).published == newer


def everything(runbook) -> list:
    rows = (Runbook.objects.filter(pk=runbook.pk), runbook.versions.order_by("pk"), runbook.links)
    return [list(found.values_list()) for found in rows]
