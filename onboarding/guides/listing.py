"""The guides of one person, the most urgent first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from onboarding.models import Assignment, Guide, Progress
from onboarding.privacy.retention import kept_since
from portal.accounts.people.prepared import PreparedRows
from portal.core.web.status import ARCHIVED, Status

from . import status

LAST = date.max
EVER = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass
class Mine:
    """A guide that this person was asked to follow or began."""

    guide: Guide
    on: date
    is_asked: bool = False
    due: date | None = None
    progress: Progress | None = None

    @property
    def due_status(self) -> Status | None:
        if self.guide.archived_at:
            return ARCHIVED
        return status.due_status(self.due, on=self.on)

    @property
    def count(self) -> int:
        return len(self.progress.version.keys)

    @property
    def done(self) -> int:
        ticked = {str(step.key) for step in self.progress.steps.all() if step.done_at}
        return len(ticked & set(self.progress.version.keys))

    def ask(self, due: date | None) -> None:
        """One more assignment: the earliest day counts."""
        self.is_asked = True
        self.due = min(filter(None, (self.due, due)), default=None)


def due_for(user, guide: Guide) -> date | None:
    """The day until which this person was asked to finish it."""
    asked = Mine(guide, on=LAST)
    for row in Assignment.objects.of(user).filter(guide=guide):
        asked.ask(row.due_for(user))
    return asked.due


def mine(user, *, on: date, among=None, limit: int | None = None) -> list[Mine]:
    """What this person has to follow or began, and did not finish; `among` guides if given."""
    found = {guide.pk: Mine(guide, on) for guide in _open(user, among)}
    if not found:
        return []
    for row in _asking(user, **asked_since(user)):
        if each := found.get(row.guide_id):
            each.ask(row.due_for(user))
    urgent = sorted(found.values(), key=lambda each: (each.due or LAST, not each.is_asked))[:limit]
    _with_progress(user, {each.guide.pk: each for each in urgent})
    return urgent


def asked_since(user) -> dict:
    """The parameters of `Assignment.objects.asking` for this person, now."""
    return {"joined": user.date_joined, "since": kept_since() or EVER}


def _open(user, among):
    if among is not None:
        return among.open_for(user)
    return _all_open(user, **asked_since(user))


def _unfinished(user, **since):
    """What asks them; who has finished looks at a newer version unasked."""
    finished = Progress.objects.of(user).finished().values("guide")
    return Assignment.objects.asking(user, **since).exclude(guide__in=finished)


_asking = PreparedRows(Assignment, _unfinished)
_all_open = PreparedRows(
    Guide,
    lambda user, **since: Guide.objects.open_for(user, Assignment.objects.asking(user, **since)),
)


def _with_progress(user, found: dict[int, Mine]) -> None:
    begun = Progress.objects.of(user).filter(guide__in=found)
    for progress in begun.select_related("version").prefetch_related("steps"):
        found[progress.guide_id].progress = progress
