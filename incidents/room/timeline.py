"""The timeline of an incident: its entries and those of its runs, merged by time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from incidents.models import Entry, EntryKind, Incident
from incidents.models.choices import WRITTEN
from portal.core.web.status import Status
from runbooks.documents.status import ENTRY as OF_RUN
from runbooks.models import Entry as RunEntry
from runbooks.models import EntryKind as RunEntryKind
from runbooks.models import Run

from .status import entry_status

LATEST, MOST = 20, 5000
QUOTED = (*WRITTEN, EntryKind.CORRECTION, EntryKind.COMMUNICATION)
SHOWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("All", ()),
    "decisions": (
        "Decisions",
        (EntryKind.DECISION, EntryKind.FINDING, EntryKind.STATE, EntryKind.SEVERITY),
    ),
    "communication": (
        "Communication",
        (
            *(EntryKind.COMMUNICATION, EntryKind.CALLED, EntryKind.NOT_REACHED),
            *(EntryKind.ACKNOWLEDGED, EntryKind.ESCALATED, EntryKind.NOBODY_ANSWERED),
        ),
    ),
    "alerts": ("Alerts", (EntryKind.ALERT,)),
}


@dataclass(frozen=True)
class Line:
    """One line, from the incident or from one of its runs."""

    at: datetime
    status: Status
    who: str
    word: str
    text: str
    is_quoted: bool
    entry: Entry | None = None
    step: int | None = None
    run: Run | None = None
    pictures: list = field(default_factory=list)

    @property
    def is_pinned(self) -> bool:
        return self.entry is not None and hasattr(self.entry, "pin")

    @property
    def is_pasted(self) -> bool:
        """Whether it is output that somebody pasted, as what has several lines is as a rule."""
        is_told = self.entry is not None and self.entry.kind == EntryKind.COMMUNICATION
        return "\n" in self.text.strip() and not is_told

    @property
    def corrections(self) -> list[Entry]:
        return list(self.entry.corrections.all()) if self.entry else []

    @property
    def may_be_corrected(self) -> bool:
        return self.entry is not None and self.entry.kind in QUOTED


def lines_of(
    incident: Incident, runs: Iterable[Run], *, shows: str = "all", most: int = LATEST
) -> tuple[list[Line], bool]:
    """The newest first, and whether there are more."""
    kinds = SHOWS[shows][1]
    own = _entries(incident).newest_first()
    own, runs = own.of_kinds(*kinds) if kinds else own, list(runs)
    starts = {(run.pk, run.started_at) for run in runs}
    rows = list(own[: most + 1])
    found = [_own(each) for each in incident.tellable(rows) if not _says_start(each, starts)]
    if not kinds and runs:
        found += [_of_run(each) for each in _run_entries(runs)[: most + 1]]
    found.sort(key=lambda line: line.at, reverse=True)  # stable: the later of equal ones first
    return found[:most], len(found) > most or len(rows) > most


def _says_start(entry: Entry, starts: set[tuple[int, datetime]]) -> bool:
    """A run that was started for the incident says so itself."""
    return entry.kind == EntryKind.RUN and (entry.about.get("run"), entry.at) in starts


def pinned_of(incident: Incident) -> list[Line]:
    """What everybody has to see first, in the order in which it was written."""
    return [_own(each) for each in incident.tellable(_entries(incident).pinned())]


def _entries(incident: Incident):
    rows = incident.entries.select_related("pin", "corrects")
    return rows.prefetch_related("corrections", "pictures")


def _run_entries(runs: list[Run]):
    rows = RunEntry.objects.filter(run__in=runs).select_related("step", "run__runbook")
    return rows.prefetch_related("images").order_by("-at", "-pk")


def _own(entry: Entry) -> Line:
    status = entry_status(entry)
    return Line(
        at=entry.at,
        status=status,
        who=entry.by_name,
        word=status.word if entry.by_name else entry.get_kind_display(),
        text=entry.text,
        is_quoted=entry.kind in QUOTED,
        entry=entry,
        pictures=list(entry.pictures.all()),
    )


def _of_run(entry: RunEntry) -> Line:
    status: Status = OF_RUN[RunEntryKind(entry.kind)]
    return Line(
        at=entry.at,
        status=status,
        who=entry.by_name or "Somebody",
        word=status.word,
        text=entry.text,
        is_quoted=True,
        step=entry.step.number if entry.step else None,
        run=entry.run,
        pictures=list(entry.images.all()),
    )
