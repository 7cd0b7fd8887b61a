"""What the database counts of the alerts of each name. The number of queries depends on nothing."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum, Value, Window
from django.db.models.functions import Coalesce, Greatest, Lower, RowNumber, Trim

from portal.core.data.instants import Epoch, seconds_after
from portal.monitoring.models.severities import CALM
from runbooks.models import Run

NIGHT_BEGINS, NIGHT_ENDS = 22, 6  # o'clock, in the time zone of the portal
MOST_NAMES = 1000  # those that fired most
NIGHT_LASTS = (NIGHT_ENDS - NIGHT_BEGINS) % 24
HOUR = 3600
CLOCKS = ("began", "taken", "ended")  # the columns of `_with_clock`
ACKNOWLEDGED = Q(acknowledged_at__isnull=False)
BY_HAND = Q(resolved_by__isnull=False)


class Runs(NamedTuple):
    """How many alerts of one name people answered with a run."""

    of_runbook: int = 0
    deployments: int = 0  # or rollbacks, of the alert's service
    alone: int = 0  # and neither acknowledged nor ended it
    alone_by_night: int = 0  # of what began by night: nobody acknowledged or ended it in a night


def of_names(rows: Any, since: datetime, at: datetime) -> list[dict[str, Any]]:
    """One row for each name, those that fired most first."""
    night, urgent = _is_night("began"), ~Q(word__in=CALM)
    named = _with_clock(rows, since, at).alias(word=Lower(Trim("severity"))).order_by()
    counted = named.values("name").annotate(
        times=Count("pk"),
        total=Sum(_lasted(at)),
        by_night=Count("pk", filter=night),
        urgent=Count("pk", filter=urgent),
        lowest=Min("severity"),
        highest=Max("severity"),
        acknowledged=Count("pk", filter=ACKNOWLEDGED),
        ended_by_hand=Count("pk", filter=BY_HAND),
        acted_upon=Count("pk", filter=ACKNOWLEDGED | BY_HAND),
        acted_by_night=Count("pk", filter=night & _acted_by_night()),
        newest_at=Max("starts_at"),
    )
    return list(counted.order_by("-times", "name")[:MOST_NAMES])


def medians(rows: Any, at: datetime) -> dict[str, float]:
    """For how many seconds the alerts of each name fired in the middle."""
    of_name: dict[str, Any] = {"partition_by": F("name")}
    placed = rows.order_by().annotate(
        seconds=_lasted(at),
        place=Window(RowNumber(), order_by=_lasted(at).asc(), **of_name) * 2,
        count=Window(Count("*"), **of_name),
    )
    middle = placed.filter(place__gte=F("count"), place__lte=F("count") + 2)
    found = sorted(middle.values_list("name", "seconds"))
    return {
        name: sum(seconds := [each for _, each in group]) / len(seconds)
        for name, group in groupby(found, key=itemgetter(0))
    }


def with_runs(rows: Any, since: datetime, at: datetime) -> dict[str, Runs]:
    """Runs that were started while an alert fired: of its runbook, or deploying its service."""
    meanwhile = Run.objects.filter(
        started_at__gte=OuterRef("starts_at"),
        started_at__lte=Coalesce(OuterRef("ends_at"), Value(at)),
    ).order_by()
    recent = Run.objects.filter(started_at__gte=since).order_by()
    concerned = Q(runbook__in=recent.values("runbook")) | Q(
        service__in=recent.deployments().values("service")
    )
    found = _with_clock(rows.filter(concerned), since, at).alias(
        ran=Exists(meanwhile.filter(runbook=OuterRef("runbook"))),
        deployed=Exists(meanwhile.deployments().filter(service=OuterRef("service"))),
    )
    counted = (
        found.filter(Q(ran=True) | Q(deployed=True))
        .order_by()
        .values("name")
        .annotate(
            of_runbook=Count("pk", filter=Q(ran=True)),
            deployments=Count("pk", filter=Q(deployed=True)),
            alone=Count("pk", filter=~(ACKNOWLEDGED | BY_HAND)),
            alone_by_night=Count("pk", filter=_is_night("began") & ~_acted_by_night()),
        )
    )
    return {row.pop("name"): Runs(**row) for row in counted}


def muted(rows: Any) -> dict[str, int]:
    """How many of each name something muted, for a while or all the time."""
    found = rows.filter(mutings__isnull=False).order_by()
    return dict(found.values_list("name").annotate(n=Count("pk", distinct=True)))


def ratings(rows: Any) -> dict[str, tuple[int, int]]:
    """How many called alerts of each name useful, and how many noise."""
    found = rows.filter(ratings__isnull=False).order_by()
    counted = found.values_list("name").annotate(
        useful=Count("ratings", filter=Q(ratings__is_useful=True)),
        noise=Count("ratings", filter=Q(ratings__is_useful=False)),
    )
    return {name: (useful, noise) for name, useful, noise in counted}


def _lasted(at: datetime) -> Any:
    """For how many seconds it fired, or has been firing."""
    ended = Coalesce(F("ends_at"), Value(at))
    return Greatest(Epoch(ended) - Epoch(F("starts_at")), Value(0.0))


def _with_clock(rows: Any, since: datetime, at: datetime) -> Any:
    """With how long after the begin of a night it began, was acknowledged, and ended."""
    zone = ZoneInfo(settings.TIME_ZONE)
    columns = ("starts_at", "acknowledged_at", "ends_at")
    return rows.alias(
        **{
            name: seconds_after(NIGHT_BEGINS, column, zone, since, at)
            for name, column in zip(CLOCKS, columns, strict=True)
        }
    )


def _is_night(clock: str) -> Q:
    return Q(**{f"{clock}__lt": NIGHT_LASTS * HOUR})


def _acted_by_night() -> Q:
    """Whether somebody acknowledged it in a night, or ended it by hand."""
    return (ACKNOWLEDGED & _is_night("taken")) | (BY_HAND & _is_night("ended"))
