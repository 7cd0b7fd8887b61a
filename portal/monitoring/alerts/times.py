"""The times of one alert: those that are known, and those that a delivery adds to them.

All that a delivery says of an alert is put together first, so that its episodes are worked out
once, however many entries it has.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from portal.monitoring.models import Alert
from portal.monitoring.models.episodes import Episode, Spans, read

from .reports import Report


@dataclass
class Times:
    """The starts of an alert with their ends, which row has them, and what is reported of each."""

    owners: dict[datetime, Alert] = field(default_factory=dict)
    spans: Spans = field(default_factory=dict)
    fires: datetime | None = None  # the newest start of what fires
    reported: dict[datetime, list[Report]] = field(default_factory=dict)
    found: set[int] = field(default_factory=set)  # rows that have an episode already

    @classmethod
    def of(cls, rows: Iterable[Alert]) -> "Times":
        times = cls()
        for row in rows:
            spans = read(row.spans)
            for start, ends in spans.items():
                times.owners.setdefault(start, row)
                times.spans.setdefault(start, set()).update(ends)
            if row.is_firing:
                times.fires = max(spans, default=None)
        return times

    def add(self, reports: Iterable[Report], at: datetime) -> None:
        """What is reported at this time; the end of what never began here is left out."""
        ends_all = False
        for report in reports:
            start = self._start(report, at)
            if start is None:
                continue
            self.reported.setdefault(start, []).append(report)
            ends = self.spans.setdefault(start, set())
            if not report.is_firing:
                ends.add(max(report.ends_at or at, start))
                is_over = self.fires is not None and (start >= self.fires or report.ends_all)
                self.fires = None if is_over else self.fires
            elif not ends:
                self.fires = max(self.fires or start, start)
            ends_all = ends_all or report.ends_all
        if ends_all:
            _end_all(self.spans)

    def _start(self, report: Report, at: datetime) -> datetime | None:
        """The start that a report is about."""
        start = report.starts_at or self.fires
        if start is None and report.is_firing and not report.is_acknowledged:
            return at
        return start

    def owner(self, episode: Episode) -> Alert | None:
        """The row of an episode; a later part of the same row becomes a row of its own."""
        rows = (self.owners[each] for each in sorted(episode.spans) if each in self.owners)
        row = next((row for row in rows if id(row) not in self.found), None)
        if row is not None:
            self.found.add(id(row))
        return row

    def about(self, episode: Episode) -> list[Report]:
        """What is reported of an episode, its newest start last, and an end after its start."""
        starts = [each for each in sorted(episode.spans) if each in self.reported]
        return [
            report
            for start in starts
            for report in sorted(self.reported[start], key=lambda each: not each.is_firing)
        ]


def _end_all(spans: Spans) -> None:
    """Let each start have the first end after it, of a tool whose ends name no start."""
    ends = sorted(end for reported in spans.values() for end in reported)
    for start, reported in spans.items():
        if not reported:
            first = bisect_left(ends, start)
            reported.update(ends[first : first + 1])
