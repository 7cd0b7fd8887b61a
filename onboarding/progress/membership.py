"""How people and reports stand, in words, icons and tones; the people of a guide page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db.models import Count, Q, Sum

from onboarding.guides import status
from onboarding.models import Assignment, Guide, GuideVersion, Progress, StuckReport, StuckState
from portal.accounts.models import User
from portal.core.web.status import Status

from .audience import Person, people_asked, people_of

SHOWN, PART = 50, 1000


@dataclass(frozen=True)
class Standing:
    """How far one person is in a guide."""

    user: User
    is_asked: bool
    is_late: bool
    progress: Progress | None
    ticked: int
    steps: int
    seconds: int  # of visible time

    @property
    def status(self) -> Status:
        progress = self.progress
        if progress and progress.finished_at:
            return status.COMPLETED if progress.completed_at else status.COMPLETED_BEFORE
        if self.is_late:
            return status.LATE
        if progress and progress.completed_at:
            return status.UNCONFIRMED
        return status.BEGUN if self.progress else status.NOT_BEGUN

    @property
    def confirmed_at(self) -> datetime | None:
        """When they last confirmed a version of it."""
        if self.progress is None:
            return None
        known: list[Any] = [self.progress, *self.progress.past.all()]
        return max(filter(None, (row.acknowledged_at for row in known)), default=None)

    @property
    def took(self) -> timedelta | None:
        return timedelta(seconds=self.seconds) if self.seconds else None


def of_reports(rows) -> list[tuple[StuckReport, Status]]:
    """Stuck reports as lists show them."""
    rows = rows.select_related("guide", "version", "user").defer("version__content")
    return [(row, status.TASK[StuckState(row.state)]) for row in rows]


def of_guide(guide: Guide, *, at: datetime, limit: int = SHOWN, offset: int = 0) -> list[Standing]:
    """Those who are asked to follow it or began, the late ones first."""
    return _standings(guide, people_of(guide, at=at, limit=limit, offset=offset))


def everybody_of(guide: Guide, *, at: datetime) -> Iterator[Standing]:
    """The same of all of them, read in parts: for exports."""
    for part in count():
        found = of_guide(guide, at=at, limit=PART, offset=part * PART)
        yield from found
        if len(found) < PART:
            return


def of_assignment(row: Assignment, *, at: datetime, limit: int = SHOWN, offset: int = 0):
    """Those whom an assignment asks, the late ones first."""
    return _standings(row.guide, people_asked(row, at=at, limit=limit, offset=offset))


def _standings(guide: Guide, people: list[Person]) -> list[Standing]:
    keys = [person.user for person in people]
    users = User.objects.in_bulk(keys)
    progress = {row.user_id: row for row in _progress(guide, keys)}
    sizes = _sizes(guide, {row.version_id for row in progress.values()} | {guide.published_id})
    return [_standing(guide, each, users[each.user], progress, sizes) for each in people]


def _progress(guide: Guide, users: list[int]):
    ticked = Count("steps", filter=Q(steps__done_at__isnull=False))
    versions = guide.progress.filter(user__in=users).select_related("version")
    rows = versions.defer("version__content")
    return rows.annotate(ticked=ticked, seconds=Sum("steps__seconds")).prefetch_related("past")


def _sizes(guide: Guide, versions: set) -> dict[int, int]:
    """How many steps each of these versions has."""
    rows = GuideVersion.objects.filter(guide=guide, pk__in=versions - {None})
    return {version.pk: len(version.steps) for version in rows}


def _standing(guide: Guide, person: Person, user: User, progress: dict, sizes: dict) -> Standing:
    row = progress.get(user.pk)
    steps = sizes.get(row.version_id if row else guide.published_id, 0)
    return Standing(
        user=user,
        is_asked=person.is_asked,
        is_late=person.is_late,
        progress=row,
        ticked=min(row.ticked, steps) if row else 0,
        steps=steps,
        seconds=(row.seconds or 0) if row else 0,
    )
