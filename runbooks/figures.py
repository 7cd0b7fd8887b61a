"""What runs teach: how often a runbook succeeds, how long its steps take, where people fail."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles

from django.db.models import Count, Max

from .models import Entry, EntryKind, Runbook, RunState, RunStep, StepState

LOOKED_AT = 200  # the last runs: older ones say little about the present text


@dataclass(frozen=True)
class StepFigures:
    """What runs say of one step of the present text; durations are None without any."""

    number: int
    title: str
    done: int
    failed: int
    skipped: int
    median: timedelta | None
    low: timedelta | None  # a quarter of all was faster
    high: timedelta | None  # a quarter of all was slower

    @property
    def trouble(self) -> int:
        return self.failed + self.skipped


@dataclass(frozen=True)
class Figures:
    """What runs say of a runbook."""

    runs: int
    by_state: dict[str, int]
    last_at: datetime | None
    last_state: str
    median: timedelta | None
    steps: list[StepFigures] = field(default_factory=list)

    @property
    def ended(self) -> int:
        return self.runs - self.by_state.get(RunState.RUNNING, 0)

    @property
    def succeeded(self) -> int:
        return self.by_state.get(RunState.SUCCEEDED, 0)

    @property
    def success_rate(self) -> float | None:
        """The share of ended runs that succeeded; None without any."""
        return self.succeeded / self.ended if self.ended else None

    @property
    def worst(self) -> StepFigures | None:
        """Where people fail or skip most."""
        worst = max(self.steps, key=lambda step: (step.failed, step.skipped), default=None)
        return worst if worst and worst.trouble else None


def figures_of(runbook: Runbook) -> Figures:
    """The figures of a runbook in a few queries, over the steps of its last 200 runs."""
    rows = runbook.runs.order_by().values("state").annotate(n=Count("pk"), last=Max("started_at"))
    counted = {row["state"]: row for row in rows}
    last = max(counted.values(), key=lambda row: row["last"], default=None)
    totals = runbook.runs.ended().recent().values_list("duration", flat=True)[:LOOKED_AT]
    return Figures(
        runs=sum(row["n"] for row in counted.values()),
        by_state={state: row["n"] for state, row in counted.items()},
        last_at=last["last"] if last else None,
        last_state=last["state"] if last else "",
        median=_spread([total for total in totals if total])[1],
        steps=_steps(runbook) if counted else [],
    )


def usual_times(runbook: Runbook) -> dict[str, timedelta]:
    """The median duration of each step by its title, which outlives a new version."""
    times = {title: _spread(found.times)[1] for title, found in _by_title(runbook).items()}
    return {title: time for title, time in times.items() if time}


@dataclass
class _Found:
    times: list[timedelta] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def _by_title(runbook: Runbook) -> dict[str, _Found]:
    rows = RunStep.objects.filter(run__in=_latest(runbook))
    found: dict[str, _Found] = defaultdict(_Found)
    for title, state, opened, ended in rows.order_by().values_list(
        "title", "state", "opened_at", "ended_at"
    ):
        found[title].states[state] += 1
        if state == StepState.DONE and opened and ended and ended >= opened:
            found[title].times.append(ended - opened)
    return found


def _failures(runbook: Runbook) -> dict[str, int]:
    """How often each step failed, also where it worked in the end."""
    failed = Entry.objects.filter(kind=EntryKind.FAILED, step__isnull=False)
    rows = failed.filter(run__in=_latest(runbook)).order_by().values_list("step__title")
    return dict(rows.annotate(n=Count("pk")))


def _latest(runbook: Runbook) -> list[int]:
    return list(runbook.runs.recent().values_list("pk", flat=True)[:LOOKED_AT])


def _steps(runbook: Runbook) -> list[StepFigures]:
    found, failures = _by_title(runbook), _failures(runbook)
    steps = runbook.published.steps if runbook.published else []
    return [
        _step(step, found.get(step["title"], _Found()), failures.get(step["title"], 0))
        for step in steps
    ]


def _step(step: dict, found: _Found, failed: int) -> StepFigures:
    low, median, high = _spread(found.times)
    return StepFigures(
        number=step["number"],
        title=step["title"],
        done=found.states[StepState.DONE],
        failed=failed,
        skipped=found.states[StepState.SKIPPED],
        median=median,
        low=low,
        high=high,
    )


def _spread(times: list[timedelta]) -> tuple[timedelta | None, timedelta | None, timedelta | None]:
    """The quartiles; of a single time three times the same."""
    if not times:
        return None, None, None
    if len(times) == 1:
        return times[0], times[0], times[0]
    low, median, high = quantiles([time.total_seconds() for time in times], method="inclusive")
    return timedelta(seconds=low), timedelta(seconds=median), timedelta(seconds=high)
