from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.problems import Refused
from runbooks import notices
from runbooks.problems import WrongState

from .entries import EntryKind, handed_over_text
from .run_queries import RunQuerySet, RunState
from .run_steps import StepState
from .step_verbs import SETTLED, Following
from .versions import Version

FOLLOW = "runbooks.change_run"
MOST_OFFERED = 5
LONGEST_OUTCOME = 5000
GONE_BACK_TO = {"release", "previous"}  # parameters of a rollback


def tag_of(pk: int, revision: int, of_runbook: int) -> str:
    return f'"r{pk}-{revision}.{of_runbook}"'


class Run(Following):
    """One following of one published version, from its start to its outcome."""

    runbook = models.ForeignKey("Runbook", on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=20)  # of the runbook when it began
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs"
    )
    service_slug = models.SlugField(max_length=60, blank=True, db_index=False)  # as it was
    environment = models.CharField(max_length=60, blank=True)
    release = models.CharField(max_length=100, blank=True)
    link = models.URLField(max_length=500, blank=True)
    parameters = models.JSONField(default=dict)  # never those that are secret
    state = models.CharField(max_length=12, choices=RunState, default=RunState.RUNNING)
    rollback_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="rollbacks"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="runs_started"
    )
    starter_name = models.CharField(max_length=150, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="runs_held"
    )
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    duration = models.DurationField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_by_name = models.CharField(max_length=150, blank=True)
    outcome = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
                name="run_ended_or_running",
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="run_by_start"),  # lists
            models.Index(
                fields=["kind", "-started_at", "-id"], name="run_by_kind"
            ),  # deployments()
            models.Index(
                fields=["runbook", "-started_at", "-id", "state"], name="run_of_runbook"
            ),  # figures; with_last_run() reads nothing but this
            models.Index(
                fields=["service", "-started_at", "-id"], name="run_of_service"
            ),  # its page
            models.Index(
                fields=["service_slug", "-started_at", "-id"], name="run_of_service_name"
            ),  # about_service(), former_services()
            models.Index(
                fields=["holder"], condition=Q(state="running"), name="run_held"
            ),  # held_by()
            models.Index(
                fields=["rollback_of"],
                condition=Q(rollback_of__isnull=False),
                name="run_takes_back",
            ),  # rollbacks of a run: on its page, is_taken_back(); the whole index is all empty
        ]

    def __str__(self):
        return f"Run {self.pk} of {self.runbook}"

    def get_absolute_url(self):
        return reverse("runbooks:run", args=[self.pk])

    @property
    def etag(self) -> str:
        """Changes with each click, and with what is known of the runbook."""
        return tag_of(self.pk, self.revision, self.runbook.revision)

    def took(self, *, now) -> timedelta:
        """How long it took, or how long it has been running."""
        return (self.ended_at or now) - self.started_at

    def may_be_taken_back(self) -> bool:
        """Whether going back is worth offering: something failed, or a deployment has ended.

        Not while a rollback of it goes on, and not again after one has succeeded.
        """
        if self.state in (RunState.ROLLED_BACK, RunState.ABORTED) or self.is_taken_back():
            return False
        ended = self.kind == "deployment" and self.state == RunState.SUCCEEDED
        failed = self.state == RunState.FAILED
        return ended or failed or self.steps.filter(state=StepState.FAILED).exists()

    def is_taken_back(self) -> bool:
        """Whether a rollback of it goes on or has succeeded."""
        return self.rollbacks.filter(state__in=(RunState.RUNNING, RunState.SUCCEEDED)).exists()

    def rollback_runbooks(self, user) -> list:
        """What to follow to roll this back: what its runbook links to, then what its service has.

        Only a deployment asks its service: that two runbooks share one makes neither of them the
        way back from the other.
        """
        rows = self._rollbacks(user).order_by("title")
        linked = list(rows.filter(self._is_linked()).distinct())
        of_service = rows.filter(self._is_of_what_was_deployed()).distinct()[:MOST_OFFERED]
        return (linked + [row for row in of_service if row not in linked])[:MOST_OFFERED]

    def _rollbacks(self, user):
        rows = type(self.runbook).objects.visible(user).current().exclude(pk=self.runbook_id)
        return rows.filter(kind="rollback", published__isnull=False)

    def _is_linked(self) -> Q:
        return Q(linked_from__source=self.runbook_id)

    def _is_of_what_was_deployed(self) -> Q:
        deployed = self.service_id if self.kind == "deployment" else None
        return Q(services=deployed) if deployed else Q(pk__in=())

    def require_rollback(self, runbook, *, by) -> None:
        """Raise Refused unless that runbook rolls this back, WrongState while another run does."""
        known = self._rollbacks(by).filter(pk=runbook.pk)
        if not known.filter(self._is_linked() | self._is_of_what_was_deployed()).exists():
            raise Refused(
                f"“{runbook}” does not roll back run {self.pk}: it is no rollback that its runbook "
                "links to, or that the deployed service has.",
                pointer="/rollback_of",
            )
        self._require_no_rollback()

    def release_before(self) -> str:
        """What ran there before: the release of the last run of this runbook that succeeded."""
        rows = self.runbook.runs.filter(state=RunState.SUCCEEDED, started_at__lt=self.started_at)
        rows = rows.filter(environment=self.environment, service=self.service_id)
        rows = rows.exclude(rollbacks__state=RunState.SUCCEEDED)
        if self.service_id is None:
            rows = rows.filter(service_slug=self.service_slug)
        rows = rows.exclude(release__in=("", self.release)).recent()
        return rows.values_list("release", flat=True).first() or ""

    def carried_to(self, other) -> dict[str, str]:
        """The values that a run of this rollback takes over: those that both declare.

        What the rollback calls `release` or `previous` is the release that ran before.
        """
        names = {each["name"] for each in other.published.parameters if not each["secret"]}
        before = self.release_before()
        shared = {name: value for name, value in self.parameters.items() if name in names}
        back = dict.fromkeys(names & GONE_BACK_TO, before)
        return {name: value for name, value in {**shared, **back}.items() if value}

    # The whole

    @transaction.atomic
    def hand_over(self, to: User, *, by, note="", at=None) -> None:
        """Give the lead to somebody else, and tell them. Raises Refused if they may not follow."""
        self._lock()
        self._require_running()
        if not to.is_active or not to.has_perm(FOLLOW):
            raise Refused(f"{to} may not follow runbooks. Choose somebody who may.", pointer="/to")
        if self.holder_id == to.pk:
            return
        self.holder = to
        self.save(update_fields=["holder"])
        text, at = handed_over_text(to, note), at or timezone.now()
        entry = self._note(EntryKind.HANDED_OVER, by, at, None, text)
        notices.handed_over(self, entry, to=to, note=note)

    @transaction.atomic
    def finish(self, *, by, outcome=RunState.SUCCEEDED, note="", at=None) -> None:
        """End it as succeeded, failed or rolled back.

        Succeeded needs every step done or skipped. When the run of a rollback succeeds, the run
        that it takes back counts as rolled back, also if it had ended.
        """
        self._lock()
        self._require_running()
        if outcome not in (RunState.SUCCEEDED, RunState.FAILED, RunState.ROLLED_BACK):
            raise Refused("It ends as succeeded, failed or rolled_back.", pointer="/outcome")
        if outcome == RunState.SUCCEEDED:
            self._require_all_settled()
        self._end(outcome, EntryKind(outcome), by, note, at or timezone.now())
        notices.deployed(self, by=by)
        if outcome != RunState.SUCCEEDED:
            self._ask_review(note, by, at)

    def end(self, outcome, *, by, note="", at=None) -> None:
        """Abort or finish it, as `outcome` says."""
        if outcome == RunState.ABORTED:
            self.abort(by=by, reason=note, at=at)
        else:
            self.finish(by=by, outcome=outcome, note=note, at=at)

    @transaction.atomic
    def abort(self, *, by, reason: str, at=None) -> None:
        """Stop in the middle, and say why."""
        self._lock()
        self._require_running()
        self._require_reason(reason, "it is stopped")
        self._end(RunState.ABORTED, EntryKind.ABORTED, by, reason, at or timezone.now())
        notices.deployed(self, by=by)

    def _ask_review(self, note: str, by, at) -> None:
        """Once: a step that failed has asked already."""
        if not self.entries.filter(kind=EntryKind.FAILED, step__isnull=False).exists():
            ended = self.get_state_display().lower()
            said = f"Run {self.pk} {ended}: {note}".removesuffix(": ")
            self.runbook.ask_review(said, event=f"run-{self.pk}", by=by, at=at)

    def _give_back(self, by, at) -> None:
        """The run that it did not roll back goes on; open pages see that something changed."""
        ended = self.get_state_display().lower()
        text = f"Run {self.pk} did not roll this back: it ended as {ended}."
        self.rollback_of.note(text, by=by, at=at)

    def _close_what_it_rolls_back(self, by, at) -> None:
        other = type(self).objects.get(pk=self.rollback_of_id or 0)
        other._lock()
        note = f"By run {self.pk}"
        if other.is_running:
            other._end(RunState.ROLLED_BACK, EntryKind.ROLLED_BACK, by, note, at)
        elif other.state in (RunState.SUCCEEDED, RunState.FAILED):
            other._become_rolled_back(by, note, at)

    def _become_rolled_back(self, by, note, at) -> None:
        """It had ended: when, how and by whom stays; the log says what became of it."""
        was, self.state = self.state, RunState.ROLLED_BACK
        self.save(update_fields=["state"])
        self._note(EntryKind.ROLLED_BACK, by, at, None, note)
        record(self, str(self.state), by=by, state=(was, self.state))

    def _end(self, state, kind, by, note, at) -> None:
        self.state, self.ended_at, self.outcome = state, at, note
        self.duration = at - self.started_at
        self.ended_by, self.ended_by_name = by, by.display_name if by else ""
        names = ["state", "ended_at", "duration", "outcome", "ended_by", "ended_by_name"]
        self.save(update_fields=names)
        self._keep_typed(at)
        self._note(kind, by, at, None, note)
        record(self, str(state), by=by, state=(RunState.RUNNING, state))
        if self.rollback_of_id and state == RunState.SUCCEEDED:
            self._close_what_it_rolls_back(by, at)
        elif self.rollback_of_id:
            self._give_back(by, at)

    def _require_all_settled(self) -> None:
        left = self.steps.exclude(state__in=SETTLED).order_by("number")
        by_state: dict[str, list[str]] = {}
        for step in left:
            by_state.setdefault(step.get_state_display(), []).append(str(step.number))
        if by_state:
            told = [f"{state}: step {', '.join(steps)}." for state, steps in by_state.items()]
            raise WrongState(
                f"{' '.join(told)} The run succeeds once every step is done or skipped, and "
                "confirmed where it waits; or end it as failed."
            )
