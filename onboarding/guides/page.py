"""Everything that the page of a guide shows, of one of its steps, and the whole on one page."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.urls import reverse

from onboarding.models import (
    Guide,
    GuideVersion,
    PastProgress,
    Progress,
    Question,
    StuckReport,
    StuckState,
)
from onboarding.pictures.geometry import Shot, shot_of
from onboarding.videos.chapters import Chapter, chapters_of
from portal.core.markdown import Sanitised
from portal.core.web.status import Status

from . import status
from .listing import due_for
from .preview import OfStep

TRACKS = ("captions", "chapters")


def tracks_of(step: dict, slug: str, number: int) -> dict[str, str]:
    """Where the captions and chapters of its film are, as that version has them; 0 is the draft."""
    video = step["video"] or {}
    names = [name for name in TRACKS if video.get(name)]
    return {name: reverse(f"onboarding:{name}", args=[slug, number, step["key"]]) for name in names}


@dataclass
class Line(OfStep):
    """One step of the version that this person follows."""

    step: dict
    address: str
    is_done: bool
    report: StuckReport | None = None
    tracks: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.step["key"]

    @property
    def text(self) -> Sanitised:
        return Sanitised(self.step["html"])

    @cached_property
    def shot(self) -> Shot | None:
        return shot_of(self.step["shot"]) if self.step["shot"] else None

    @property
    def stuck_status(self) -> Status | None:
        return status.STUCK[StuckState(self.report.state)] if self.report else None


class GuidePage:
    """A published guide as one person sees it: on the version that they began, or the newest."""

    def __init__(self, guide: Guide, *, user, on: date):
        self.guide, self.user, self.on = guide, user, on
        mine = Progress.objects.of(user).filter(guide=guide).select_related("version")
        self.progress: Progress | None = mine.first()
        if self.progress:
            self.progress.guide = guide

    @cached_property
    def version(self) -> GuideVersion | None:
        return self.progress.version if self.progress else self.guide.published

    @property
    def content(self) -> dict:
        return self.version.content

    @property
    def title(self) -> str:
        return self.content["title"] if self.version else self.guide.title

    @cached_property
    def lines(self) -> list[Line]:
        done = self.progress.done_keys() if self.progress else set()
        said = self._newest_reports()
        return [self._line(step, done, said) for step in self.version.steps]

    def _line(self, step: dict, done: set[str], said: dict[str, StuckReport]) -> Line:
        key = step["key"]
        tracks = tracks_of(step, self.guide.slug, self.version.number)
        return Line(step, self.address_of(key), key in done, said.get(key), tracks)

    def _newest_reports(self) -> dict[str, StuckReport]:
        if not self.progress:
            return {}
        rows = StuckReport.objects.of(self.user).filter(guide=self.guide)
        return {str(row.key): row for row in rows.order_by("created_at", "pk")}

    def address_of(self, key: str, name: str = "step") -> str:
        return reverse(f"onboarding:{name}", args=[self.guide.slug, key])

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def done_count(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def minutes_left(self) -> int:
        left = self.count - self.done_count
        return -(-self.content["minutes"] * left // self.count)

    @property
    def next_line(self) -> Line | None:
        """The first step that is not ticked."""
        return next((line for line in self.lines if not line.is_done), None)

    @property
    def is_complete(self) -> bool:
        return bool(self.progress and self.progress.is_complete)

    @property
    def is_finished(self) -> bool:
        """Whether they did all that could be asked of them, of this version or one before."""
        return bool(self.progress and self.progress.finished_at)

    @cached_property
    def past(self) -> list[PastProgress]:
        """What they did with versions that they left."""
        if self.progress is None:
            return []
        return list(PastProgress.objects.filter(progress=self.progress).numbered())

    @property
    def is_behind(self) -> bool:
        return bool(self.progress and self.progress.is_behind)

    @property
    def newest(self) -> int:
        """The number of the version that who begins now would follow."""
        return self.guide.published.number

    @property
    def may_follow(self) -> bool:
        return self.user.has_perm("onboarding.add_progress")

    @property
    def may_start(self) -> bool:
        return self.may_follow and not self.progress and not self.guide.archived_at

    @property
    def may_tick(self) -> bool:
        return self.may_follow and self.progress is not None

    @property
    def may_ask(self) -> bool:
        """Whether “I'm stuck” is for this person; it also begins the guide."""
        return (self.may_tick or self.may_start) and self.user.has_perm(
            "onboarding.add_stuckreport"
        )

    @property
    def asks_acknowledgement(self) -> bool:
        asks = self.content.get("asks_acknowledgement", False)
        return asks and self.is_complete and not self.progress.acknowledged_at

    @property
    def is_watched(self) -> bool:
        return self.guide.is_watched_by(self.user)

    @cached_property
    def due(self) -> date | None:
        return None if self.is_finished else due_for(self.user, self.guide)

    @property
    def due_status(self) -> Status | None:
        return status.due_status(self.due, on=self.on)

    @cached_property
    def prerequisites(self) -> list[Guide]:
        rows = Guide.objects.visible(self.user).named_before(self.content)
        return list(rows.with_completion(self.user))

    @cached_property
    def questions(self) -> list[Question]:
        return list(Question.objects.visible(self.user).filter(guides=self.guide)[:20])


class StepPage(GuidePage):
    """One step in front, the others beside it."""

    def __init__(self, guide: Guide, key: str, *, user, on: date):
        super().__init__(guide, user=user, on=on)
        self.key = str(key)

    @cached_property
    def shown(self) -> Line | None:
        return next((line for line in self.lines if line.key == self.key), None)

    def _beside(self, by: int) -> Line | None:
        return next((line for line in self.lines if line.number == self.shown.number + by), None)

    @property
    def previous(self) -> Line | None:
        return self._beside(-1)

    @property
    def following(self) -> Line | None:
        return self._beside(1)

    @cached_property
    def reports(self) -> list[StuckReport]:
        """What this person said at this step, with the answers."""
        rows = StuckReport.objects.of(self.user).filter(guide=self.guide, key=self.key)
        return list(rows.select_related("answered_by", "version")[:20])

    @cached_property
    def chapters(self) -> list[Chapter]:
        video = self.shown.step["video"] or {}
        return chapters_of(video.get("chapters", ""))

    def onward(self) -> str:
        """Where to go once the shown step is ticked: the next open one, or the guide at its end."""
        left = [line for line in self.lines if not line.is_done and line.key != self.key]
        after = [line for line in left if line.number > self.shown.number]
        return (after or left)[0].address if left else self.guide.get_absolute_url()
