"""The verbs of versions and runbooks, in any order: who may, when, and what always holds."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.core.problems import DomainError
from runbooks.models import Runbook, State
from runbooks.models.choices import OPEN
from runbooks.problems import OwnWork, WrongState
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
VERBS = ("submit", "approve", "reject", "publish", "withdraw")
ALLOWED = {
    "draft": {"submit", "withdraw"},
    "in_review": {"approve", "reject", "withdraw"},
    "approved": {"publish", "withdraw"},
    "published": set(),
    "superseded": set(),
    "rejected": set(),
}


@pytest.fixture
def runbook(alice):
    return Runbook.objects.start("Disk fills up", by=alice, text="First.")


def brought_to(standing: str, runbook, paul):
    version = runbook.newest
    if standing == "superseded":
        runbook.draft("Second.", author=version.author, based_on=1)
    elif standing != "draft":
        version.submit(by=version.author)
    if standing == "rejected":
        version.reject(by=paul, note="No.")
    if standing in ("approved", "published"):
        version.approve(by=paul)
    if standing == "published":
        version.publish(by=paul)
    return runbook.versions.get(number=1)


def do(verb: str, version, person):
    more = {"note": "Because."} if verb == "reject" else {}
    getattr(version, verb)(by=person, **more)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("standing", ALLOWED)
def test_each_verb_fits_some_states_only(runbook, paul, standing, verb):
    version = brought_to(standing, runbook, paul)

    if verb in ALLOWED[standing]:
        do(verb, version, paul)
    else:
        with pytest.raises(WrongState):
            do(verb, version, paul)
        assert type(version).objects.get(pk=version.pk).state == version.state


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_nobody_decides_on_their_own_work(runbook, alice, verb):
    runbook.newest.submit(by=alice)

    with pytest.raises(OwnWork):
        do(verb, runbook.newest, alice)
    assert runbook.newest.state == State.IN_REVIEW


def test_publishing_replaces_the_one_before(runbook, alice, paul):
    brought_to("published", runbook, paul)
    runbook.draft("Second.", author=alice, based_on=1)
    second = runbook.newest
    second.submit(by=alice)
    second.approve(by=paul)
    second.publish(by=paul)

    states = dict(runbook.versions.values_list("number", "state"))
    assert states == {1: State.SUPERSEDED, 2: State.PUBLISHED}
    assert Runbook.objects.get(pk=runbook.pk).published == second


class Lifecycle(RuleBasedStateMachine):
    """Four people do whatever comes to their minds, with whatever they have on their screens."""

    people: tuple = ()

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.runbook = Runbook.objects.start("Disk", by=self.people[0], text="0")
        self.texts = {1: "0"}
        self.seen = [self.runbook.newest]

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, act):
        """Do it, or be refused without a trace."""
        before = self.rows()
        try:
            with transaction.atomic():
                return act()
        except DomainError:
            assert self.rows() == before
            return None

    def rows(self):
        fields = ("number", "state", "text", "reviewer", "review_note", "published_at")
        return list(self.runbook.versions.order_by("number").values_list(*fields))

    def fresh(self) -> Runbook:
        return Runbook.objects.get(pk=self.runbook.pk)

    def keep(self, version):
        if version:
            self.texts[version.number] = version.text
            self.seen.append(version)

    person = st.integers(0, 3)

    @rule(who=person, behind=st.sampled_from([0, 0, 0, 1, 2]))
    def draft(self, who, behind):
        runbook, text = self.fresh(), f"{len(self.seen)}"
        base = max(0, runbook.head - behind)
        self.keep(self.attempt(lambda: runbook.draft(text, author=self.people[who], based_on=base)))

    @rule(who=person, verb=st.sampled_from(VERBS), back=st.sampled_from([0, 0, 0, 1, 2]))
    def decide(self, who, verb, back):
        version, person = self.seen[-1 - min(back, len(self.seen) - 1)], self.people[who]
        self.attempt(lambda: do(verb, version, person))

    @rule(who=person)
    def finish(self, who):
        """All the way to the readers, as far as it goes."""
        version = self.fresh().newest
        for verb in ("submit", "approve", "publish"):
            self.attempt(lambda verb=verb: do(verb, version, self.people[who]))

    @rule(who=person, number=st.integers(1, 5))
    @precondition(lambda self: len(self.texts) > 1)
    def restore(self, who, number):
        runbook, number = self.fresh(), min(number, len(self.texts))
        self.keep(self.attempt(lambda: runbook.restore(number, by=self.people[who])))

    @rule(who=person, verb=st.sampled_from(["archive", "unarchive", "confirm_review"]))
    def care(self, who, verb):
        runbook = self.fresh()
        self.attempt(lambda: getattr(runbook, verb)(by=self.people[who]))

    @invariant()
    def numbers_have_no_gaps(self):
        numbers = [row[0] for row in self.rows()]
        assert numbers == list(range(1, self.fresh().head + 1))

    @invariant()
    def at_most_one_is_open_and_one_published(self):
        runbook = self.fresh()
        assert runbook.versions.filter(state__in=OPEN).count() <= 1
        published = list(runbook.versions.filter(state=State.PUBLISHED))
        assert published == ([runbook.published] if runbook.published_id else [])

    @invariant()
    def texts_never_change(self):
        assert {row[0]: row[2] for row in self.rows()} == self.texts

    @invariant()
    def nobody_approved_their_own(self):
        for version in self.runbook.versions.exclude(reviewer=None):
            assert version.reviewer_id != self.writer_of(version)

    def writer_of(self, version) -> int:
        """Who wrote the text: of one that was restored with its approval, who wrote it first."""
        while version.review_note.startswith("Approved as v"):
            version = self.runbook.versions.get(number=version.restored_from)
        return version.author_id

    @invariant()
    def what_is_published_was_reviewed(self):
        assert not self.runbook.versions.filter(state=State.PUBLISHED, reviewer=None).exists()


def test_whatever_people_do_what_must_hold_holds(db):
    Lifecycle.people = (
        make_person("a1", "author"),
        make_person("a2", "author"),
        make_person("p1", "approver"),
        make_person("p2", "approver"),
    )
    bounded = settings(
        max_examples=15,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Lifecycle, settings=bounded)
