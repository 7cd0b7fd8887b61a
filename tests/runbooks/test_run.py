"""A run: each verb, who it refuses, and that two people and two clicks make one tick."""

from datetime import timedelta
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.media.uploads import store_image
from portal.core.problems import Missing, Refused
from runbooks.models import Entry, Image, Run, Runbook, RunState, StepState, TypedNote
from runbooks.problems import BadValues, WrongState
from runbooks.runs.statistics import figures_of, usual_times
from tests.browser.world import png

pytestmark = pytest.mark.django_db
TEXT = """\
---
parameters:
  - {name: host, pattern: "db[0-9]+"}
  - {name: password, type: secret}
---
Deploy it.

- [ ] Fetch `get {{ host }}`
- [ ] Look {check}
- [ ] Promote {second person}
- [ ] Tidy up
"""


@pytest.fixture
def deploy(publish_new):
    return publish_new("Deploy", TEXT, "deployment")


@pytest.fixture
def run(deploy, rita):
    return Run.objects.start(deploy, by=rita, parameters={"host": "db1"}, environment="prod")


def states(run) -> list[str]:
    return list(run.steps.values_list("state", flat=True))


def test_it_follows_the_published_version_to_its_end(run, rita, paul):
    run.complete_step(1, by=rita, note="fetched")
    run.complete_step(2, by=rita, checked=True)
    run.complete_step(3, by=rita)
    run.confirm_step(3, by=paul)
    run.skip_step(4, by=rita, reason="nothing left over")
    run.finish(by=rita, note="all well")

    run.refresh_from_db()
    assert states(run) == ["done", "done", "done", "skipped"]
    assert run.state == RunState.SUCCEEDED
    assert run.duration == run.ended_at - run.started_at
    kinds = list(run.entries.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["started", "done", "done", "done", "confirmed", "skipped", "succeeded"]


def test_it_stays_on_the_version_that_it_began_with(run, deploy, alice, publish):
    publish(deploy.draft("- [ ] Other\n", author=alice, based_on=1))

    run.refresh_from_db()
    assert run.version.number == 1
    assert run.steps.count() == 4


def test_a_wrong_value_says_which_pattern_was_expected(deploy, rita):
    with pytest.raises(BadValues) as refusal:
        Run.objects.start(deploy, by=rita, parameters={"host": "web1"})

    assert "db[0-9]+" in refusal.value.wrong["host"]
    assert not Run.objects.exists()


def test_a_secret_is_never_kept(deploy, rita):
    with pytest.raises(BadValues):
        Run.objects.start(deploy, by=rita, parameters={"host": "db1", "password": "hunter2"})
    run = Run.objects.start(deploy, by=rita, parameters={"host": "db1"})

    assert run.parameters == {"host": "db1"}


def test_a_superseded_version_names_the_one_to_follow(deploy, alice, rita, publish):
    publish(deploy.draft("- [ ] Other\n", author=alice, based_on=1))
    deploy.refresh_from_db()

    with pytest.raises(WrongState, match="v2") as refusal:
        Run.objects.start(deploy, by=rita, version=1)
    assert refusal.value.extra["follow"] == deploy.get_absolute_url()


def test_an_archived_and_an_unpublished_runbook_are_not_followed(deploy, alice, paul, rita):
    draft = Runbook.objects.start("Draft", by=alice, text="- [ ] x\n")
    with pytest.raises(WrongState, match="not published"):
        Run.objects.start(draft, by=rita)
    deploy.archive(by=paul)
    with pytest.raises(WrongState, match="archived"):
        Run.objects.start(deploy, by=rita)


def test_a_merged_one_leads_to_the_other(deploy, disk, paul, rita):
    deploy.merge_into(disk, by=paul)

    with pytest.raises(WrongState) as refusal:
        Run.objects.start(deploy, by=rita)
    assert refusal.value.extra["follow"] == disk.get_absolute_url()


def test_a_check_has_to_be_made_before_the_step_and_before_what_follows(run, rita):
    with pytest.raises(Refused, match="check"):
        run.complete_step(2, by=rita)
    with pytest.raises(WrongState, match="Step 2 comes first"):
        run.complete_step(4, by=rita)
    run.complete_step(2, by=rita, checked=True)

    with pytest.raises(WrongState, match="Step 3 comes first: a second person"):
        run.complete_step(4, by=rita)


def test_nobody_confirms_their_own_step(run, rita, paul):
    run.complete_step(2, by=rita, checked=True)
    run.complete_step(3, by=rita)

    with pytest.raises(Refused, match="somebody else"):
        run.confirm_step(3, by=rita)
    assert run.confirm_step(3, by=paul)
    assert not run.confirm_step(3, by=paul)


def test_of_two_ticks_one_counts_and_both_notes_stay(run, rita, paul):
    again = Run.objects.get(pk=run.pk)

    assert run.complete_step(1, by=rita, note="Mine") is True
    assert again.complete_step(1, by=paul, note="Mine too") is False
    assert again.complete_step(1, by=rita, note="Mine") is False

    assert run.steps.get(number=1).by == rita
    texts = run.entries.filter(step__number=1).order_by("pk").values_list("kind", "text")
    assert list(texts) == [("done", "Mine"), ("note", "Mine too")]


def test_a_failed_step_asks_the_owner_for_a_review_and_says_why(run, deploy, rita):
    run.fail_step(1, by=rita, reason="No route to host")

    deploy.refresh_from_db()
    assert deploy.review_asked == f"Step 1 failed in run {run.pk}: No route to host"


@pytest.mark.parametrize("verb", ["fail_step", "skip_step"])
def test_failing_and_skipping_need_a_reason(run, rita, verb):
    with pytest.raises(Refused, match="Say why"):
        getattr(run, verb)(1, by=rita, reason="  ")


def test_a_failed_step_is_tried_again(run, rita):
    run.fail_step(1, by=rita, reason="No route")
    with pytest.raises(WrongState, match="Reopen it"):
        run.complete_step(1, by=rita)
    run.retry_step(1, by=rita)

    assert run.complete_step(1, by=rita)
    assert run.entries.filter(kind="failed", text="No route").exists()


def test_it_does_not_succeed_with_open_steps(run, rita):
    with pytest.raises(WrongState, match="step 1, 2, 3, 4"):
        run.finish(by=rita)
    run.finish(by=rita, outcome=RunState.FAILED)

    assert run.state == RunState.FAILED


def test_nothing_is_ticked_after_the_end_but_notes_are_kept(run, rita):
    run.abort(by=rita, reason="Wrong cluster")

    with pytest.raises(WrongState, match="has ended: aborted"):
        run.complete_step(1, by=rita)
    with pytest.raises(WrongState):
        run.finish(by=rita)
    run.note("Cause: a typing error", by=rita)
    assert run.entries.first().text == "Cause: a typing error"


def test_who_ended_runs_from_before_is_read_from_their_log(run, deploy, rita, paul):
    running = Run.objects.start(deploy, by=rita, parameters={"host": "db2"})
    run.fail_step(1, by=rita, reason="No disk")
    run.finish(by=paul, outcome="failed")
    Run.objects.update(ended_by=None)

    import_module("runbooks.migrations.0014_fill_ended_by").fill(apps, None)

    assert Run.objects.get(pk=run.pk).ended_by == paul
    assert Run.objects.get(pk=running.pk).ended_by is None


def test_a_rollback_that_succeeds_ends_what_it_takes_back(run, alice, rita, publish):
    back = Runbook.objects.start("Back", by=alice, text="- [ ] Undo\n", kind="rollback")
    publish(back.newest)
    back.refresh_from_db()
    run.runbook.links.create(target=back, address="back")
    undo = Run.objects.start(back, by=rita, rollback_of=run)
    undo.complete_step(1, by=rita)
    undo.finish(by=rita)

    run.refresh_from_db()
    assert run.state == RunState.ROLLED_BACK
    assert run.outcome == f"By run {undo.pk}"


def test_it_is_handed_over_to_somebody_who_may_follow(run, rita, paul, nina):
    with pytest.raises(Refused, match="may not follow"):
        run.hand_over(nina, by=rita)
    run.hand_over(paul, by=rita, note="my shift ends")

    assert list(Run.objects.held_by(paul)) == [run]
    assert run.entries.first().text == f"to {paul}: my shift ends"


def test_who_looks_at_what_was_taken_back_sees_that_it_changed(run, alice, rita, publish):
    back = Runbook.objects.start("Back", by=alice, text="- [ ] Undo\n", kind="rollback")
    publish(back.newest)
    back.refresh_from_db()
    tags = {Run.objects.get(pk=run.pk).etag}
    run.runbook.links.create(target=back, address="back")
    undo = Run.objects.start(back, by=rita, rollback_of=run)
    assert run.entries.first().text == f"Run {undo.pk} rolls this back: Back"
    tags.add(Run.objects.get(pk=run.pk).etag)
    undo.complete_step(1, by=rita)
    undo.finish(by=rita)

    tags.add(Run.objects.get(pk=run.pk).etag)
    assert len(tags) == 3


def test_a_run_that_was_rolled_back_asks_for_a_review(run, deploy, rita):
    run.finish(by=rita, outcome=RunState.ROLLED_BACK, note="Errors rose")

    deploy.refresh_from_db()
    assert deploy.review_asked == f"Run {run.pk} rolled back: Errors rose"


def test_the_step_that_failed_is_the_reason_also_when_the_run_fails_later(run, deploy, rita):
    run.fail_step(1, by=rita, reason="No route to host")
    run.finish(by=rita, outcome=RunState.FAILED, note="Gave up")

    deploy.refresh_from_db()
    assert "No route to host" in deploy.review_asked


def test_what_is_offered_to_go_back_carries_the_values_that_both_declare(run, alice, publish):
    text = "---\nparameters: [{name: host}, {name: why}]\n---\n- [ ] {{ host }} {{ why }}\n"
    back = Runbook.objects.start("Back", by=alice, text=text, kind="rollback")
    publish(back.newest)
    back.refresh_from_db()

    assert run.carried_to(back) == {"host": "db1"}


def test_it_knows_which_release_ran_before(deploy, rita):
    values = {"by": rita, "parameters": {"host": "db1"}}
    for release, where, good in (("v1", "prod", 1), ("v2", "test", 1), ("v3", "prod", 0)):
        run = Run.objects.start(deploy, release=release, environment=where, **values)
        for number in range(1, 5):
            run.skip_step(number, by=rita, reason="drill")
        run.finish(by=rita, outcome="succeeded" if good else "failed")
    now = Run.objects.start(deploy, release="v4", environment="prod", **values)

    assert now.release_before() == "v1"


@pytest.mark.parametrize("verb", ["complete_step", "fail_step", "skip_step", "retry_step"])
def test_no_button_loses_the_picture(run, rita, verb):
    image = store_image(BytesIO(png()), name="x.png")
    reason = {"reason": "x"} if verb in ("fail_step", "skip_step") else {}
    getattr(run, verb)(1, by=rita, image=image, **reason)
    getattr(run, verb)(1, by=rita, image=image, **reason)

    assert Image.objects.filter(entry__step__number=1).count() == 1


def test_the_same_note_sent_again_is_one_note(run, rita, paul):
    for person in (rita, rita, paul, rita):
        run.note("same words", by=person, number=1)

    assert run.entries.filter(text="same words").count() == 3


def test_a_step_that_failed_and_worked_in_the_end_counts_as_trouble(run, deploy, rita):
    run.complete_step(2, by=rita, checked=True)
    run.fail_step(1, by=rita, reason="x")
    run.retry_step(1, by=rita)
    run.complete_step(1, by=rita)

    worst = figures_of(deploy).worst
    assert (worst.number, worst.failed, worst.done) == (1, 1, 1)


def test_figures_give_the_median_and_the_spread_of_each_step(deploy, rita):
    for minutes in (2, 4, 6, 8, 10):
        at = timezone.now()
        run = Run.objects.start(deploy, by=rita, parameters={"host": "db1"}, at=at)
        run.complete_step(1, by=rita, at=at + timedelta(minutes=minutes))
        run.finish(by=rita, outcome="failed", at=at + timedelta(minutes=20))

    figures = figures_of(deploy)
    step = figures.steps[0]
    found = [span.total_seconds() / 60 for span in (step.low, step.median, step.high)]
    assert found == [4, 6, 8]
    assert (figures.runs, figures.success_rate) == (5, 0)
    assert figures.median == timedelta(minutes=20)
    assert usual_times(deploy) == {(step.title, 1): timedelta(minutes=6)}


def test_a_picture_is_evidence(run, rita, nina):
    run.complete_step(1, by=rita, image=store_image(BytesIO(png()), name="x.png"))

    image = Entry.objects.get(kind="done").images.get()
    assert image in type(image).objects.visible(nina)


def test_typed_notes_wait_and_go_when_the_step_is_ticked(run, rita):
    step = run.steps.get(number=1)
    TypedNote.objects.keep(step, rita, "half a")
    TypedNote.objects.keep(step, rita, "half a line")
    assert step.typed.get().text == "half a line"
    run.complete_step(1, by=rita, note="half a line")

    assert not TypedNote.objects.exists()


@pytest.mark.parametrize("outcome", ["aborted", "failed", "rolled_back"])
def test_what_was_typed_and_not_sent_is_noted_when_the_run_ends(run, rita, paul, outcome):
    TypedNote.objects.keep(run.steps.get(number=2), rita, "pods restart")
    TypedNote.objects.keep(run.steps.get(number=2), paul, "so do the others")
    run.end(outcome, by=rita, note="Too late today")

    *noted, end = run.entries.order_by("at", "pk").exclude(kind="started")
    assert [(each.kind, each.by, each.step.number, each.text) for each in noted] == [
        ("note", rita, 2, "pods restart"),
        ("note", paul, 2, "so do the others"),
    ]
    assert end.text == "Too late today" and not TypedNote.objects.exists()


def test_rollbacks_offered_are_linked_ones_first_then_those_of_the_service(
    alice, publish, paul, rita
):
    service = Service.objects.create(slug="web", name="Web", owner=Team.objects.create(slug="t"))
    other = Service.objects.create(slug="db", name="DB")
    made = {}
    for title, of in (("By service", service), ("Linked", other), ("Elsewhere", other)):
        row = Runbook.objects.start(
            title, by=alice, text="- [ ] x\n", kind="rollback", services=[of]
        )
        publish(row.newest)
        made[title] = row
    text = "- [ ] x\n\nBack: [Linked](linked)\n"
    runbook = Runbook.objects.start(
        "Go", by=alice, text=text, kind="deployment", services=[service]
    )
    publish(runbook.newest)
    runbook.refresh_from_db()
    run = Run.objects.start(runbook, by=rita)

    assert [row.title for row in run.rollback_runbooks(rita)] == ["Linked", "By service"]


# The state machine: whatever is clicked in whatever order, the log and the states agree.


ACTS = {"done", "confirmed", "failed", "skipped", "retried"}
ENDS = {"succeeded", "aborted", "rolled_back"}
VERBS = ["complete_step", "confirm_step", "fail_step", "skip_step", "retry_step"]


class Clicks(RuleBasedStateMachine):
    """Two people who click anything, on any step, in any order."""

    original: Run
    people: dict

    def __init__(self):
        super().__init__()
        parameters = {"host": "db1"}
        starter = self.people["rita"]
        self.run = Run.objects.start(self.original.runbook, by=starter, parameters=parameters)
        self.ticks = self.revision = 0

    @rule(
        verb=st.sampled_from(VERBS),
        number=st.integers(0, 5),
        who=st.sampled_from(["rita", "paul"]),
        checked=st.booleans(),
    )
    def click(self, verb, number, who, checked):
        named = {"reason": "x"} if verb in ("fail_step", "skip_step") else {}
        named |= {"checked": checked} if verb == "complete_step" else {}
        before = self.run.entries.count()
        try:
            self.ticks += getattr(self.run, verb)(number, by=self.people[who], **named)
        except (Refused, Missing, WrongState):
            assert self.run.entries.count() == before

    @rule(who=st.sampled_from(["rita", "paul"]), number=st.none() | st.integers(1, 4))
    def remark(self, who, number):
        """A note is kept in every state."""
        self.run.note(f"note {self.run.entries.count()}", by=self.people[who], number=number)

    @rule(to=st.sampled_from(["rita", "paul"]))
    def hand_over(self, to):
        was = Run.objects.get(pk=self.run.pk)
        try:
            self.run.hand_over(self.people[to], by=self.people["rita"])
        except WrongState:
            assert not was.is_running
        else:
            assert was.is_running
            assert Run.objects.get(pk=self.run.pk).holder == self.people[to]

    @precondition(lambda self: self.ticks > 5)
    @rule(reason=st.sampled_from(["", " ", "Tea"]))
    def abort(self, reason):
        was = Run.objects.get(pk=self.run.pk)
        try:
            self.run.abort(by=self.people["paul"], reason=reason)
        except (Refused, Missing, WrongState):
            assert Run.objects.get(pk=self.run.pk).state == was.state
        else:
            assert was.is_running
            assert reason == "Tea"

    @precondition(lambda self: self.ticks > 3)
    @rule(outcome=st.sampled_from(["succeeded", "failed", "rolled_back", "running", "x"]))
    def finish(self, outcome):
        was = Run.objects.get(pk=self.run.pk)
        try:
            self.run.finish(by=self.people["rita"], outcome=outcome)
        except (Refused, Missing, WrongState):
            assert Run.objects.get(pk=self.run.pk).state == was.state
        else:
            assert was.is_running
            assert outcome != "succeeded" or set(states(self.run)) <= {"done", "skipped"}

    @invariant()
    def a_second_person_is_another(self):
        for step in self.run.steps.filter(state=StepState.DONE, asks_second=True):
            assert step.confirmed_by_id not in (None, step.by_id)

    @invariant()
    def the_log_has_every_tick_and_the_end_once(self):
        kinds = list(self.run.entries.values_list("kind", flat=True))
        acts = [kind for kind in kinds if kind in ACTS]
        ends = [kind for kind in kinds if kind in ENDS]
        failed = self.run.entries.filter(kind="failed", step=None).count()
        now = Run.objects.get(pk=self.run.pk)
        assert len(acts) - failed == self.ticks
        assert len(ends) + failed == (0 if now.is_running else 1)

    @invariant()
    def the_tag_never_goes_back(self):
        revision = Run.objects.get(pk=self.run.pk).revision
        assert revision >= self.revision
        self.revision = revision

    @invariant()
    def every_state_says_who_and_every_end_says_when(self):
        now = Run.objects.get(pk=self.run.pk)
        assert now.is_running == (now.ended_at is None)
        for step in now.steps.all():
            assert (step.state == StepState.OPEN) == (step.by_id is None)


def test_no_order_of_clicks_breaks_a_run(run, rita, paul):
    clicks = type("Bound", (Clicks,), {"original": run, "people": {"rita": rita, "paul": paul}})
    rules = settings(
        max_examples=25,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(clicks, settings=rules)
