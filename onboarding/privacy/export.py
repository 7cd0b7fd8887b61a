"""What is kept about one person: of following guides, and how they are reached; newest first."""

from dataclasses import dataclass

from auditlog.models import LogEntry
from django.db.models import Count, F, Prefetch, Q, Sum
from django.utils.text import capfirst

from onboarding.models import (
    AskedQuestion,
    Assignment,
    GuideVersion,
    PastProgress,
    Progress,
    PutAside,
    QuestionFeedback,
    Screenshot,
    StepProgress,
    StuckReport,
    Video,
)
from onboarding.notices import OURS
from portal.notifications.models import ContactMethod, Delivery, QuietHours

SHOWN, GUIDES = 200, 50


@dataclass(frozen=True)
class Part:
    """One kind of rows; `has_more` if not all of them are here."""

    rows: list
    has_more: bool = False


class Recorded:
    """What is kept about this person."""

    def __init__(self, user):
        self.user = user

    @property
    def progress(self) -> Part:
        """(progress, its steps): with `ticked` and `seconds`, and what was done with each step."""
        ticked = Count("steps", filter=Q(steps__done_at__isnull=False))
        rows = Progress.objects.of(self.user).select_related("guide", "version")
        rows = rows.prefetch_related(Prefetch("past", PastProgress.objects.numbered()))
        rows = rows.annotate(ticked=ticked, seconds=Sum("steps__seconds"))
        part = _part(rows.prefetch_related("steps"), most=GUIDES)
        return Part([(row, _steps(row)) for row in part.rows], part.has_more)

    @property
    def asked(self) -> Part:
        """(assignment, its day): those that stand, and those by name that were withdrawn."""
        standing = Assignment.objects.of(self.user).values("pk")
        rows = Assignment.objects.filter(Q(user=self.user) | Q(pk__in=standing))
        part = _part(rows.select_related("guide", "team", "by").order_by("-created_at", "-pk"))
        return Part([(row, row.due_for(self.user)) for row in part.rows], part.has_more)

    @property
    def reports(self) -> Part:
        rows = StuckReport.objects.of(self.user).select_related("guide", "version", "answered_by")
        return _part(rows.defer("version__content"))

    @property
    def judged(self) -> Part:
        rows = QuestionFeedback.objects.filter(user=self.user).select_related("question")
        return _part(rows.order_by("-at", "-pk"))

    @property
    def questions(self) -> Part:
        """What they asked those who write answers."""
        rows = AskedQuestion.objects.filter(user=self.user).select_related("question")
        return _part(rows.order_by("-asked_at", "-pk"))

    @property
    def aside(self) -> Part:
        """Tours that they do not want to be offered."""
        return _part(PutAside.objects.filter(user=self.user).select_related("guide"))

    @property
    def messages(self) -> Part:
        return _part(Delivery.objects.of(self.user).filter(key__startswith=OURS).defer("text"))

    @property
    def methods(self) -> Part:
        """How they are reached, and how they were."""
        rows = ContactMethod.objects.filter(person=self.user)
        return _part(rows.order_by(F("removed_at").asc(nulls_first=True), "position", "pk"))

    @property
    def quiet_hours(self) -> QuietHours | None:
        return QuietHours.objects.of(self.user)

    @property
    def other_messages(self) -> Part:
        """What else was sent to them, by whatever way."""
        rows = Delivery.objects.of(self.user).exclude(key__startswith=OURS)
        return _part(rows.defer("text"), most=GUIDES)

    @property
    def kept_for_others(self) -> list[tuple[str, int]]:
        """(what, how many) of what carries this person's name because they look after guides."""
        rows = {
            "Reports that you answered or closed": StuckReport.objects.filter(
                answered_by=self.user
            ),
            "Assignments that you made": Assignment.objects.filter(by=self.user),
            "Versions that you published": GuideVersion.objects.filter(by=self.user),
            "Pictures that you added": Screenshot.objects.filter(uploaded_by=self.user),
            "Films that you added": Video.objects.filter(uploaded_by=self.user),
        }
        counts = [(what, found.count()) for what, found in rows.items()]
        return [(what, count) for what, count in counts if count]

    @property
    def trail(self) -> Part:
        """What the trail says that this person did here."""
        rows = LogEntry.objects.filter(actor=self.user, content_type__app_label="onboarding")
        part = _part(rows.select_related("content_type").order_by("-timestamp", "-pk"))
        return Part([(row, _verb(row)) for row in part.rows], part.has_more)


def _part(rows, most: int = SHOWN) -> Part:
    found = list(rows[: most + 1])
    return Part(found[:most], len(found) > most)


def _steps(progress: Progress) -> list[tuple[str, StepProgress]]:
    """(title, what was done with it); steps that the version does not have any more come last."""
    met = {str(step.key): step for step in progress.steps.all()}
    titles = {step["key"]: step["title"] for step in progress.version.steps}
    known = [(title, met[key]) for key, title in titles.items() if key in met]
    return known + [("A step of an older version", met[key]) for key in met if key not in titles]


def _verb(entry: LogEntry) -> str:
    """What was done with what kind of thing: “Stuck report: start”."""
    verb = str((entry.additional_data or {}).get("verb", "")).replace("_", " ")
    return f"{capfirst(entry.content_type.name)}: {verb}"
