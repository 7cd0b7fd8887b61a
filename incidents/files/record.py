"""The record of an incident: its timeline, with what was done in the runs that belong to it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from incidents.models import EntryKind, Incident
from runbooks.models import Entry as RunEntry
from runbooks.models import Run


@dataclass(frozen=True)
class Line:
    """One thing that happened: an entry of the timeline, or of a run's log."""

    id: int
    kind: str
    word: str
    at: datetime
    by: str | None  # user name
    by_name: str  # empty: the portal itself
    text: str
    about: dict[str, Any] = field(default_factory=dict)
    corrects: int | None = None
    is_pinned: bool = False
    run: int | None = None  # of a run's log
    step: int | None = None

    @property
    def time(self) -> str:
        """In UTC, to the second."""
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"

    @property
    def said(self) -> str:
        """In one line."""
        who = self.by_name or "The portal"
        step = f" step {self.step}" if self.step else ""
        place = f" (run {self.run}{step})" if self.run else ""
        return f"{who} {self.word}{place}" + (f": {self.text}" if self.text else "")


def lines(
    incident: Incident, user, kinds: Collection[str] = (), since: datetime | None = None
) -> list[Line]:
    """All of these kinds from then on, the oldest first; the logs of runs are of the kind `run`.

    Only of those runs that this person may read.
    """
    found = [*_entries(incident, kinds, since)]
    if not kinds or EntryKind.RUN in kinds:
        found += _of_runs(incident, user, since)
    return sorted(found, key=lambda line: (line.at, line.run or 0, line.id))


def _entries(incident, kinds: Collection[str], since: datetime | None) -> Iterator[Line]:
    rows = incident.entries.select_related("by", "pin")
    rows = rows.of_kinds(*kinds) if kinds else rows
    rows = rows.filter(at__gte=since) if since else rows
    for row in incident.tellable(rows):
        yield Line(
            id=row.pk,
            kind=row.kind,
            word=row.get_kind_display(),
            at=row.at,
            by=row.by.username if row.by else None,
            by_name=row.by_name,
            text=row.text,
            about=row.about,
            corrects=row.corrects_id,
            is_pinned=hasattr(row, "pin"),
        )


def _of_runs(incident: Incident, user, since: datetime | None) -> Iterator[Line]:
    runs = Run.objects.visible(user).filter(in_incident__incident=incident)
    rows = RunEntry.objects.filter(run__in=runs)
    rows = rows.select_related("by", "step").order_by("at", "pk")
    for row in rows.filter(at__gte=since) if since else rows:
        yield Line(
            id=row.pk,
            kind=EntryKind.RUN,
            word=row.get_kind_display(),
            at=row.at,
            by=row.by.username if row.by else None,
            by_name=row.by_name,
            text=row.text,
            run=row.run_id,
            step=row.step.number if row.step else None,
        )
