"""What the page of an import shows: what became of each file, and where it is now."""

from collections import Counter
from dataclasses import dataclass

from portal.core.ops.report import counted
from portal.core.web.outcomes import (
    CREATED,
    DRAFT,
    REFUSED,
    SKIPPED,
    UNCHANGED,
    UPDATED,
    Outcome,
)
from portal.core.web.status import Status
from runbooks.models import Runbook

from .drafts import DraftImport

STATES = {  # in the order in which they are read
    REFUSED: Status("bad", "fail", "Refused"),
    CREATED: Status("ok", "plus", "Created"),
    DRAFT: Status("review", "pencil", "Draft"),
    UPDATED: Status("ok", "ok", "Updated"),
    UNCHANGED: Status("idle", "check", "Unchanged"),
    SKIPPED: Status("idle", "skip", "Skipped"),
}


@dataclass(frozen=True)
class Line:
    """One file; the runbook that it is, and the address of the text that came from it."""

    outcome: Outcome
    runbook: Runbook | None = None

    @property
    def status(self) -> Status:
        return STATES[self.outcome.state]

    @property
    def address(self) -> str:
        if self.outcome.state in (CREATED, DRAFT) and self.runbook:
            return self.runbook.version_url(self.runbook.head)
        return self.runbook.get_absolute_url() if self.runbook else ""


@dataclass(frozen=True)
class Result:
    """What became of everything that was sent."""

    lines: list[Line]

    @classmethod
    def of(cls, work: DraftImport, outcomes: list[Outcome]) -> "Result":
        keys = {document.path: document.runbook_id for document in work.documents}
        rows = Runbook.objects.in_bulk(set(keys.values()))
        order = list(STATES)
        told = sorted(outcomes, key=lambda outcome: order.index(outcome.state))
        return cls([Line(outcome, rows.get(keys.get(outcome.path, 0))) for outcome in told])

    @property
    def summary(self) -> str:
        return counted(Counter(line.outcome.state for line in self.lines))

    @property
    def is_refused(self) -> bool:
        return any(line.outcome.state == REFUSED for line in self.lines)

    @property
    def only(self) -> Line | None:
        """The one draft that came of it, if all went well."""
        drafts = [line for line in self.lines if line.outcome.state in (CREATED, DRAFT)]
        drafts = [line for line in drafts if line.runbook]
        return drafts[0] if len(drafts) == 1 and not self.is_refused else None
