"""What the last run of a runbook says of it: as columns of a list, and as a question."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import In, LessThan

from portal.core.web.days import midnight

from .choices import Kind
from .run_queries import RunState
from .runs import Run

LONG_AGO = timedelta(days=365)
UNWELL = (RunState.FAILED, RunState.ROLLED_BACK)


class Lesson(models.TextChoices):
    """What a list asks about the last run; one of long ago may have failed as well."""

    NEVER = "never", "Never run"
    FAILED = "failed", "Failed last time"
    LONG_AGO = "long_ago", "Over a year ago"


def last_run() -> dict[str, Subquery]:
    """The columns of `Runbook.objects.with_last_run()`."""
    return {"run_state": _of_last("state"), "run_at": _of_last("started_at")}


def taught(lesson: str, *, on: date) -> Q:
    """The runbooks of which that is true: only what is published to be followed teaches."""
    asked = {
        Lesson.NEVER: ~Exists(Run.objects.filter(runbook=OuterRef("pk"))),
        Lesson.FAILED: In(_of_last("state"), UNWELL),
        Lesson.LONG_AGO: LessThan(_of_last("started_at"), _recent_from(on)),
    }[Lesson(lesson)]
    return Q(asked, published__isnull=False) & ~Q(kind=Kind.REFERENCE)


def _of_last(column: str) -> Subquery:
    runs = Run.objects.filter(runbook=OuterRef("pk")).recent()  # index run_of_runbook
    return Subquery(runs.values(column)[:1])


def _recent_from(on: date) -> datetime:
    """When the first day began that is less than LONG_AGO before this one."""
    day = on - LONG_AGO + timedelta(days=1)
    return midnight(day)
