"""Calling people for an incident, step by step, until somebody acknowledges."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from portal.core.data.claims import Claimable, ClaimableQuerySet


class EscalationState(models.TextChoices):
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"
    ENDED = "ended", "Nobody answered"


class EscalationQuerySet(ClaimableQuerySet):
    def running(self):
        return self.filter(state=EscalationState.RUNNING)

    def start(self, incident, plan: list[dict[str, Any]], *, at: datetime) -> "Escalation | None":
        """Call by this plan from now on, in place of what runs; None: the plan has no step."""
        self.stop(incident, at=at)
        first = next((stage["steps"][0] for stage in plan if stage["steps"]), None)
        if first is None:
            return None
        due_at = at + timedelta(minutes=first["delay_minutes"])
        return self.create(incident=incident, plan=plan, started_at=at, due_at=due_at)

    def stop(self, incident, *, at: datetime) -> int:
        """Call nobody any more: somebody has it, or it is over. How many ran."""
        rows = self.filter(incident=incident).running()
        return rows.take_away(state=EscalationState.STOPPED, ended_at=at)

    def hurry(self, incident, *, at: datetime) -> int:
        """Take the next step now; how many run."""
        return self.filter(incident=incident).running().take_away(due_at=at)


class Escalation(Claimable):
    """One going through the steps of a frozen policy; the engine takes each step as it is due."""

    LEASE = timedelta(minutes=1)
    WAITS = {"state": EscalationState.RUNNING, "lease_until": None}
    HELD = {"state": EscalationState.RUNNING}

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="escalations"
    )
    plan = models.JSONField(default=list, help_text="The policies as they were, in order.")
    state = models.CharField(
        max_length=8, choices=EscalationState, default=EscalationState.RUNNING
    )
    stage = models.PositiveSmallIntegerField(default=0, help_text="Which policy of the plan.")
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0, help_text="Which step is next.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

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
        ]

    def __str__(self):
        return f"Escalation of {self.incident}"
