"""What runs teach: how often a runbook succeeds, how long its steps take, where people fail."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from statistics import quantiles

from django.db.models import Count, Max

from portal.core.data.queries import Prepared
from portal.core.markdown.substitution import named_parts
from runbooks.models import Entry, EntryKind, Run, Runbook, RunState, RunStep, StepState

FEW = 3
ENOUGH = 3  # finished runs, before their times say what is usual
LOOKED_AT = 200  # the last runs: older ones say little about the present text
Identity = tuple[str, int]  # of a step: its title, and which of those with this title it is


@dataclass(frozen=True)
class StepFigures:
    """What runs say of one step of the present text; durations are None until enough have ended."""

    number: int
    title: str
    parts: list[tuple[str, bool]]  # of the title: words, and places of values (True)
    done: int
    failed: int
    skipped: int
    median: timedelta | None
    low: timedelta | None  # a quarter of all was faster
    high: timedelta | None  # a quarter of all was slower

    @property
    def trouble(self) -> tuple[int, int]:
        return self.failed, self.skipped


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
        worst = max(self.steps, key=lambda step: step.trouble, default=None)
        return worst if worst and any(worst.trouble) else None

    @property
    def stuck_at(self) -> list[StepFigures]:
        """All steps that are as bad as the worst; none where it is no matter of a few."""
        worst = self.worst
        same = [step for step in self.steps if worst and step.trouble == worst.trouble]
        return same if len(same) <= FEW else []


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


def identities(titles: Iterable[str]) -> list[Identity]:
    """What tells the steps of one text apart, and is the same in its next version."""
    before: Counter[str] = Counter()
    found = []
    for title in titles:
        before[title] += 1
        found.append((title, before[title]))
    return found


def usual_times(runbook: Runbook, *, before: datetime | None = None) -> dict[Identity, timedelta]:
    """The median duration of each step that was done in enough runs that have ended since.

    With `before` only runs that had ended by then count: what it says never changes again.
    """
    about: dict[str, int | datetime] = {"runbook": runbook.pk}
    about |= {"before": before} if before else {}
    found = _by_step(_steps_of_latest(**about), {})
    times = {identity: _spread(step.times)[1] for identity, step in found.items()}
    return {identity: time for identity, time in times.items() if time}


@dataclass
class _Found:
    times: list[timedelta] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    failed: int = 0


def _by_step(rows: list[tuple], failures: dict[int, int]) -> dict[Identity, _Found]:
    """What became of each step, of rows of `_steps_of_latest`."""
    found: dict[Identity, _Found] = defaultdict(_Found)
    for _, steps in groupby(rows, key=itemgetter(0)):
        of_run = list(steps)
        named = identities(step[2] for step in of_run)
        for identity, (_, key, _, state, opened, ended, run_ended) in zip(
            named, of_run, strict=True
        ):
            found[identity].states[state] += 1
            found[identity].failed += failures.get(key, 0)
            is_whole = run_ended and opened and ended and ended >= opened
            if is_whole and state == StepState.DONE:
                found[identity].times.append(ended - opened)
    return found


def _failures(runs: set[int]) -> dict[int, int]:
    """How often each step of a run failed, also where it worked in the end."""
    failed = Entry.objects.filter(kind=EntryKind.FAILED, step__isnull=False, run__in=runs)
    return dict(failed.order_by().values_list("step").annotate(n=Count("pk")))


@Prepared
def _steps_of_latest(*, runbook: int, before: datetime | None = None):
    runs = Run.objects.filter(runbook=runbook).recent()  # index run_of_runbook
    runs = runs.filter(ended_at__lt=before) if before else runs
    rows = RunStep.objects.filter(run__in=runs.values("pk")[:LOOKED_AT])
    columns = ("run_id", "pk", "title", "state", "opened_at", "ended_at", "run__ended_at")
    return rows.order_by("run_id", "number").values_list(*columns)


def _steps(runbook: Runbook) -> list[StepFigures]:
    if runbook.published is None:
        return []
    rows, steps = _steps_of_latest(runbook=runbook.pk), runbook.published.steps
    found = _by_step(rows, _failures({row[0] for row in rows}))
    names = {each["name"] for each in runbook.published.parameters}
    named = zip(identities(step["title"] for step in steps), steps, strict=True)
    return [_step(step, found.get(identity, _Found()), names) for identity, step in named]


def _step(step: dict, found: _Found, names: set[str]) -> StepFigures:
    low, median, high = _spread(found.times)
    return StepFigures(
        number=step["number"],
        title=step["title"],
        parts=named_parts(step["title"], names),
        done=found.states[StepState.DONE],
        failed=found.failed,
        skipped=found.states[StepState.SKIPPED],
        median=median,
        low=low,
        high=high,
    )


def seconds(span: timedelta | None) -> float | None:
    """As programs are told a duration."""
    return span.total_seconds() if span is not None else None


def _spread(times: list[timedelta]) -> tuple[timedelta | None, timedelta | None, timedelta | None]:
    """The quartiles; None of a few, which say nothing of the next time."""
    if len(times) < ENOUGH:
        return None, None, None
    low, median, high = quantiles([time.total_seconds() for time in times], method="inclusive")
    return timedelta(seconds=low), timedelta(seconds=median), timedelta(seconds=high)
