"""Which episodes an alert has, from the times that its tool reported, in whatever order they came.

A tool says “firing since S” and later “fired from S to E”. Deliveries repeat, come late and out of
order, and replicas that do not know of each other give slightly different S. So nothing here asks
when something arrived: the episodes follow from the set of all S and E alone. An E between two
starts parts them; what no E parts is one episode. An old delivery therefore changes nothing that a
newer one said, and adding a time can part an episode but never join two.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

# Replicas see the same thing begin at different evaluations. What started longer before the newest
# start is no other replica: the tool forgot it, for example when it was restarted.
APART = timedelta(minutes=10)
MOST_STARTS = 40  # of one episode that are remembered, the newest
MOST_ENDS = 10  # of one start

Spans = dict[datetime, set[datetime]]  # each start with the ends that were reported of it


@dataclass
class Episode:
    """Starts that no end parts; `ends_at` is None while it fires."""

    spans: Spans = field(default_factory=dict)
    ends_at: datetime | None = None

    @property
    def starts_at(self) -> datetime:
        return min(self.spans)

    @property
    def newest_at(self) -> datetime:
        return max(at for start, ends in self.spans.items() for at in (start, *ends))


def episodes(spans: Spans) -> list[Episode]:
    """All of them, the oldest first. Only the last one can fire."""
    ends = sorted(end for reported in spans.values() for end in reported)
    found: list[Episode] = []
    passed = 0
    for start in sorted(spans):
        is_parted = passed < len(ends) and ends[passed] < start
        while passed < len(ends) and ends[passed] < start:
            passed += 1
        if is_parted and found:
            found[-1].ends_at = _end_before(found[-1], ends)
        if is_parted or not found:
            found.append(Episode())
        found[-1].spans[start] = spans[start]
    if found:
        found[-1].ends_at = _end_of_last(found[-1].spans)
    return [_bounded(each) for each in found]


def _end_before(episode: Episode, ends: Sequence[datetime]) -> datetime:
    """The first end after the last start of an episode that another one follows."""
    return ends[bisect_left(ends, max(episode.spans))]


def _end_of_last(spans: Spans) -> datetime | None:
    """When the newest episode ended: once no replica reports it any more."""
    newest = max(spans)
    if any(not ends for start, ends in spans.items() if newest - start <= APART):
        return None
    return max(end for ends in spans.values() for end in ends)


def _bounded(episode: Episode) -> Episode:
    starts = sorted(episode.spans)
    kept = {*starts[:1], *starts[-MOST_STARTS:]}
    episode.spans = {
        start: set(sorted(ends)[:MOST_ENDS])
        for start, ends in episode.spans.items()
        if start in kept
    }
    return episode


def written(spans: Spans) -> list:
    """As a column keeps it."""
    return [
        [start.isoformat(), sorted(map(datetime.isoformat, spans[start]))]
        for start in sorted(spans)
    ]


def read(column: list) -> Spans:
    """In UTC, also what was written with the offset of a tool."""
    return {_parsed(start): set(map(_parsed, ends)) for start, ends in column}


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
