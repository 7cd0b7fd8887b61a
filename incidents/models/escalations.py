"""Calling people for an incident, step by step, until somebody acknowledges."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from portal.core.data.claims import Claimable, ClaimableQuerySet

from .plans import Place, first, step_at


class EscalationState(models.TextChoices):
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"
    ENDED = "ended", "Nobody answered"


class EscalationQuerySet(ClaimableQuerySet):
    def running(self):
        return self.filter(state=EscalationState.RUNNING)

    def unanswered(self):
        """Those that ended without an answer, the newest of their incident."""
        return self.filter(state=EscalationState.ENDED, stands=True)

    def to_repeat(self, at: datetime):
        """Nobody answered, and it has been idle for as long as its severity allows."""
        return self.filter(again_at__lte=at)

    def start(self, incident, plan: list[dict[str, Any]], *, at: datetime) -> "Escalation | None":
        """Call by this plan from now on, in place of what runs; None: the plan has no step.

        Such a one has ended already: it starts again as what nobody answered does.
        """
        self.stop(incident, at=at)
        place = first(plan)
        if place is None:
            self._end_at_once(incident, plan, at)
            return None
        due_at = at + timedelta(minutes=step_at(plan, place)["delay_minutes"])
        about = {"plan": plan, "stage": place.stage, "started_at": at, "due_at": due_at}
        made: Any = self.create(incident=incident, **about)
        return made

    def _end_at_once(self, incident, plan: list[dict[str, Any]], at: datetime) -> None:
        if minutes := incident.terms["idle_minutes"]:
            times = {"started_at": at, "ended_at": at, "due_at": at}
            again_at = at + timedelta(minutes=minutes)
            ended = {"state": EscalationState.ENDED, "again_at": again_at}
            self.create(incident=incident, plan=plan, **times, **ended)

    def stop(self, incident, *, at: datetime) -> int:
        """Call nobody any more: somebody has it, or it is over. How many ran, or would again."""
        rows = self.filter(incident=incident)
        # what runs first: what ends meanwhile is unanswered then
        running = rows.running().take_away(state=EscalationState.STOPPED, ended_at=at)
        return running + rows.unanswered().update(again_at=None, stands=False)

    def hurry(self, incident, *, at: datetime) -> int:
        """Take the next step now; how many run."""
        return self.filter(incident=incident).running().take_away(due_at=at)


class Escalation(Claimable):
    """One going through the steps of a frozen policy; the engine takes each step as it is due."""

    LEASE = timedelta(minutes=1)
    WAITS = {"state": EscalationState.RUNNING, "lease_until": None}
    HELD = {"state": EscalationState.RUNNING}
    WITH = ("incident",)

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="escalations"
    )
    plan = models.JSONField(default=list, help_text="The policies as they were, in order.")
    state = models.CharField(max_length=8, choices=EscalationState, default=EscalationState.RUNNING)
    stage = models.PositiveSmallIntegerField(default=0, help_text="Which policy of the plan.")
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0, help_text="Which step is next.")
    turn = models.PositiveIntegerField(default=0, help_text="How many times people were called.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    stands = models.BooleanField(
        default=True, help_text="Of one that ended: nobody has answered since."
    )
    again_at = models.DateTimeField(
        null=True, blank=True, help_text="When people are called again, as nobody answered."
    )

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(state=EscalationState.RUNNING),
                name="one_escalation_runs",
            ),
            models.CheckConstraint(
                condition=Q(again_at=None) | Q(state=EscalationState.ENDED, stands=True),
                name="escalation_again_when_ended",
            ),
        ]
        indexes = [
            # waiting()
            models.Index(
                fields=["due_at"],
                condition=Q(state=EscalationState.RUNNING, lease_until=None),
                name="escalation_waiting",
            ),
            # abandoned()
            models.Index(
                fields=["lease_until"],
                condition=Q(state=EscalationState.RUNNING, lease_until__isnull=False),
                name="escalation_held",
            ),
            # to_repeat()
            models.Index(
                fields=["again_at"],
                condition=Q(again_at__isnull=False),
                name="escalation_again",
            ),
            # unanswered()
            models.Index(
                fields=["incident"],
                condition=Q(state=EscalationState.ENDED, stands=True),
                name="escalation_unanswered",
            ),
        ]

    def __str__(self):
        return f"Escalation of {self.incident}"

    @property
    def place(self) -> Place | None:
        """The step that is next; None: the plan has ended."""
        if self.stage >= len(self.plan):
            return None
        return Place(self.stage, self.round, self.step)

    def at_place(self, place: Place | None) -> dict[str, int]:
        """The columns that say that this step is next."""
        at = place or Place(len(self.plan))
        return {"stage": at.stage, "round": at.round, "step": at.step}
