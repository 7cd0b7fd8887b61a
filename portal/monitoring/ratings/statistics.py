"""How often the alerts of each name fired, for how long, and what people made of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from . import counts

NO_RUNS = counts.Runs()


@dataclass(frozen=True)
class Statistics:
    """What one name did in a while: numbers of episodes, unless it says something else."""

    name: str
    times: int
    total: timedelta  # for how long it fired, all in all
    median: timedelta  # for how long in the middle: half of them were over sooner
    by_night: int  # began between counts.NIGHT_BEGINS and NIGHT_ENDS
    urgent: int  # may wake people, by its severity
    severities: tuple[str, ...]  # the words of it, at most two
    acknowledged: int
    ended_by_hand: int
    with_run: int  # a run of its runbook was started while it fired
    with_deployment: int  # a deployment or rollback of its service was started while it fired
    acted_upon: int  # any of these four
    acted_by_night: int  # began by night, and somebody acted in a night or started a run
    muted: int
    useful: int  # ratings
    noise: int  # ratings
    newest_at: datetime

    @property
    def rated(self) -> int:
        return self.useful + self.noise

    @property
    def acted_share(self) -> float:
        return self.acted_upon / self.times

    @property
    def is_urgent(self) -> bool:
        """Whether most of them may wake people."""
        return self.urgent * 2 > self.times


def statistics_of(rows: Any, since: datetime, at: datetime) -> list[Statistics]:
    """Of each name in these rows, which began since then; those that fired most come first."""
    counted = counts.of_names(rows, since, at)
    if len(counted) == counts.MOST_NAMES:
        rows = rows.filter(name__in=[each["name"] for each in counted])
    medians, runs = counts.medians(rows, at), counts.with_runs(rows, since, at)
    muted, ratings = counts.muted(rows), counts.ratings(rows)
    return [
        _made(
            each,
            runs.get(each["name"], NO_RUNS),
            ratings.get(each["name"], (0, 0)),
            median=_length(medians.get(each["name"], 0.0)),
            muted=muted.get(each["name"], 0),
        )
        for each in counted
    ]


def _made(
    found: dict[str, Any], runs: counts.Runs, ratings: tuple[int, int], **more: Any
) -> Statistics:
    words = found.pop("lowest"), found.pop("highest")
    useful, noise = ratings
    found["acted_upon"] += runs.alone
    found["acted_by_night"] += runs.alone_by_night
    return Statistics(
        **found | {"total": _length(found["total"])} | more,
        severities=tuple(dict.fromkeys(words)),
        with_run=runs.of_runbook,
        with_deployment=runs.deployments,
        useful=useful,
        noise=noise,
    )


def _length(seconds: float) -> timedelta:
    """As exact as the arithmetic of a database is."""
    return timedelta(seconds=round(seconds, 1))
