"""Following the steps of a run: each verb is safe against a second click and a second person."""

from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.core.problems import Missing, Refused
from runbooks import notices
from runbooks.problems import Settled, WrongState

from .entries import Entry, EntryKind
from .run_queries import RunState
from .run_steps import RunStep, StepState, TypedNote

SETTLED = (StepState.DONE, StepState.SKIPPED)


class Following(models.Model):
    """The step verbs of Run. Each takes the run's lock, so that clicks happen one by one."""

    state: str
    revision: int
    get_state_display: Any
    runbook: Any
    objects: Any
    rollbacks: Any
    steps: Any
    entries: Any

    class Meta:
        abstract = True

    @property
    def is_running(self) -> bool:
        return self.state == RunState.RUNNING

    @transaction.atomic
    def complete_step(self, number: int, *, by, note="", checked=False, image=None, at=None):
        """Tick a step. One that asks for a second person waits until `confirm_step`.

        Returns whether this call ticked it: if somebody else had, the note is kept all the same.
        """
        at, step = at or timezone.now(), self._turn(number)
        if step.state in (StepState.DONE, StepState.WAITING):
            self._keep(step, by, note, image, at)
            return False
        self._require_open(step)
        if step.asks_check and not checked:
            raise Refused(
                f"Step {number} asks for a check: confirm the result, then tick it.",
                pointer="/checked",
            )
        state = StepState.WAITING if step.asks_second else StepState.DONE
        self._settle(step, state, by, note, at)
        self._note(EntryKind.DONE, by, at, step, note, image)
        return True

    @transaction.atomic
    def confirm_step(self, number: int, *, by, note="", image=None, at=None) -> bool:
        """Agree, as a second person, that a step was done. Raises Refused for who did it."""
        at, step = at or timezone.now(), self._turn(number)
        if step.state == StepState.DONE and step.confirmed_by_id:
            self._keep(step, by, note, image, at)
            return False
        if step.state != StepState.WAITING:
            raise WrongState(f"{step.stands}: there is nothing to confirm.")
        if step.by_id == by.pk:
            raise Refused("You did this step yourself: somebody else has to confirm it.")
        step.change(state=StepState.DONE, confirmed_by=by, ended_at=at)
        entry = self._note(EntryKind.CONFIRMED, by, at, step, note, image)
        notices.confirmed(self, step, entry)
        return True

    @transaction.atomic
    def fail_step(self, number: int, *, by, reason: str, image=None, at=None) -> bool:
        """Say that a step did not work, and why; asks the owner of the runbook for a review."""
        at, step = at or timezone.now(), self._turn(number)
        if step.state == StepState.FAILED:
            self._keep(step, by, reason, image, at)
            return False
        self._require_reason(reason, "it failed")
        if step.state != StepState.WAITING:
            self._require_open(step)
        self._settle(step, StepState.FAILED, by, reason, at)
        entry = self._note(EntryKind.FAILED, by, at, step, reason, image)
        said = f"Step {number} failed in run {self.pk}: {reason}"
        self.runbook.ask_review(said, event=f"failed-{entry.pk}", by=by, at=at)
        return True

    @transaction.atomic
    def skip_step(self, number: int, *, by, reason: str, image=None, at=None) -> bool:
        """Leave a step out, and say why."""
        at, step = at or timezone.now(), self._turn(number)
        if step.state == StepState.SKIPPED:
            self._keep(step, by, reason, image, at)
            return False
        self._require_reason(reason, "it is left out")
        if step.state != StepState.FAILED:
            self._require_open(step)
        self._settle(step, StepState.SKIPPED, by, reason, at)
        self._note(EntryKind.SKIPPED, by, at, step, reason, image)
        return True

    @transaction.atomic
    def retry_step(self, number: int, *, by, note="", image=None, at=None) -> bool:
        """Open a failed, skipped or done step again; what was noted stays in the log."""
        at, step = at or timezone.now(), self._turn(number)
        if step.state == StepState.OPEN:
            self._keep(step, by, note, image, at)
            return False
        step.change(
            state=StepState.OPEN,
            by=None,
            by_name="",
            confirmed_by=None,
            ended_at=None,
            opened_at=at,
        )
        self._note(EntryKind.RETRIED, by, at, step, note, image)
        return True

    @transaction.atomic
    def note(self, text: str, *, by, number: int | None = None, image=None, at=None) -> Entry:
        """Add a note or evidence to the run or to one of its steps, also after its end.

        The same words sent twice in a row are one note.
        """
        if not text.strip() and image is None:
            raise Refused("Write something, or add a picture.", pointer="/text")
        self._lock()
        step = self._step(number) if number is not None else None
        last = self.entries.filter(step=step).order_by("-at", "-pk").first()
        if last and last.says(text, image, by=by):
            return last
        return self._note(EntryKind.NOTE, by, at or timezone.now(), step, text, image)

    # What keeps many people apart

    def _turn(self, number: int) -> RunStep:
        """The step as it is now; nobody else changes this run until the transaction ends."""
        self._lock()
        self._require_running()
        return self._step(number)

    def _lock(self) -> None:
        """Lock the row. On SQLite, where that does nothing, a write takes the one lock there is."""
        type(self).objects.filter(pk=self.pk).update(revision=F("revision") + 1)
        self.refresh_from_db(fields=["revision", "state", "holder", "ended_at"])

    def _step(self, number: int) -> RunStep:
        step = self.steps.filter(number=number).first()
        if step is None:
            raise Missing(f"There is no step {number} in run {self.pk}.")
        return step

    def _require_running(self) -> None:
        if not self.is_running:
            raise WrongState(
                f"This run has ended: {self.get_state_display().lower()}. Start a new one."
            )
        self._require_no_rollback()

    def rolled_back_by(self):
        """The run that rolls it back now, or None. Until that ends, only notes are added here."""
        return self.rollbacks.running().recent().first()  # index run_takes_back

    def _require_no_rollback(self) -> None:
        if back := self.rolled_back_by():
            raise WrongState(f"It is being rolled back by run {back.pk}. End that run first.")

    def _require_reason(self, reason: str, what: str) -> None:
        if not reason.strip():
            raise Refused(f"Say why {what}.", pointer="/reason")

    def _require_open(self, step: RunStep) -> None:
        """Refuse a settled step, and one behind a check that nobody has made yet."""
        if step.state != StepState.OPEN:
            raise Settled(f"{step.stands} ({step.by_name}). Reopen it first.")
        gate = self.gate_before(step.number)
        if gate:
            why = "a second person has to confirm it" if gate.asks_second else "it asks for a check"
            raise WrongState(f"Step {gate.number} comes first: {why}.")

    def gate_before(self, number: int) -> RunStep | None:
        """The first earlier step whose check or confirmation is still to come."""
        gates = self.steps.filter(Q(asks_check=True) | Q(asks_second=True), number__lt=number)
        return gates.exclude(state__in=SETTLED).order_by("number").first()

    def _settle(self, step: RunStep, state, by, note: str, at) -> None:
        step.change(
            state=state, by=by, by_name=by.display_name if by else "", ended_at=at, note=note
        )
        following = self.steps.filter(number__gt=step.number, state=StepState.OPEN)
        after = following.order_by("number").first()
        if after and after.opened_at is None:
            after.change(opened_at=at)

    def _keep(self, step, by, text, image, at) -> None:
        """What came too late to tick the step is kept as a note: nothing typed is lost."""
        said = step.entries.filter(by=by)
        text = "" if said.filter(text=text).exists() else text
        image = None if image and said.filter(images__sha256=image.sha256).exists() else image
        if text.strip() or image is not None:
            self._note(EntryKind.NOTE, by, at, step, text, image)

    def _keep_typed(self, at) -> None:
        """What people typed for its steps and did not send becomes a note of theirs."""
        typed = TypedNote.objects.filter(step__in=self.steps.all()).select_related("step", "user")
        for each in typed.order_by("saved_at", "pk"):
            self._keep(each.step, each.user, each.text, None, at)
        typed.delete()

    def _note(self, kind, by, at, step=None, text="", image=None) -> Entry:
        name = by.display_name if by else ""
        entry = self.entries.create(kind=kind, by=by, by_name=name, at=at, step=step, text=text)
        if image is not None:
            entry.attach(image, by=by)
        if step is not None and by is not None:
            step.typed.filter(user=by).delete()
        return entry
