"""From a run of a runbook to an incident."""

from datetime import datetime

from django.db import transaction

from incidents.models import Incident, IncidentRun, IncidentSource, Severity

USUAL = 3


@transaction.atomic
def from_run(run, by, *, level: int = USUAL, at: datetime | None = None) -> Incident:
    """The incident of a run that failed: it has one already, or one is opened for it.

    It affects the service of the run, and has the run's steps in its timeline.
    """
    known = IncidentRun.objects.filter(run=run).select_related("incident").first()
    if known:
        return known.incident
    incident = Incident.objects.declare(
        title=f"{run.runbook}: run {run.pk} failed"[:200],
        severity=Severity.objects.of(level),
        by=by,
        at=at,
        services=[run.service] if run.service else [],
        runbook=run.runbook,
        source=IncidentSource.RUN,
        request_key=f"run-{run.pk}",
    )
    incident.join_run(run, by=by, at=at)
    return incident
