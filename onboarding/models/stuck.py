from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from onboarding import notices
from onboarding.problems import WrongState
from portal.accounts.models import Team
from portal.core.data.audit import record
from portal.core.problems import Refused
from portal.core.web.address import absolute

LONGEST_REPORT = LONGEST_ANSWER = 5000
LONGEST_PAGE = 500


class StuckState(models.TextChoices):
    """Where a report stands."""

    OPEN = "open", "Waiting for an answer"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class StuckReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=StuckState.OPEN).order_by("created_at", "pk")

    def visible(self, user):
        """One's own; those who write guides see all."""
        if user.has_perm("onboarding.view_stuckreport"):
            return self
        return self.filter(user=user)

    def of(self, user):
        return self.filter(user=user)

    def unread(self, user):
        """Answered ones of this person, until they looked at the step or said that they read it."""
        return self.of(user).filter(state=StuckState.ANSWERED, read_at=None)

    def unread_of_current(self, user):
        """Those of guides that are not archived."""
        return self.unread(user).filter(guide__archived_at=None)

    def for_owner(self, user):
        """Open ones that are this person's task: of guides of their teams, or of nobody's."""
        if not user.has_perm("onboarding.change_stuckreport"):
            return self.none()
        return self.open().owned_by(user)

    def owned_by(self, user):
        """Those of guides of this person's teams, or of nobody's."""
        teams = Team.objects.of(user).values("pk")
        return self.filter(models.Q(guide__owner__in=teams) | models.Q(guide__owner=None))

    def open_first(self):
        """Those that wait, the oldest first; then the others, the newest first."""
        waiting = models.Case(models.When(state=StuckState.OPEN, then="created_at"))
        return self.order_by(waiting.asc(nulls_last=True), "-created_at", "-pk")

    @transaction.atomic
    def report(self, progress, key: str, *, by, text: str, page: str = "", at=None):
        """Say what happened at a step. It becomes a task of the guide's owner.

        The same again, such as by a double click, while it is open makes no second one.
        """
        step = progress.version.step(key)
        if step is None:
            raise Refused("This version of the guide has no such step.", pointer="/step")
        if not text.strip():
            raise Refused("Say in a line what happened.", pointer="/text")
        type(progress).objects.select_for_update().get(pk=progress.pk)  # of two clicks, one waits
        same = self.open().filter(guide=progress.guide, key=key, user=by, text=text.strip())
        if said := same.first():
            return said
        report = self.create(
            guide=progress.guide,
            version=progress.version,
            key=key,
            step_title=step["title"],
            user=by,
            text=text.strip(),
            page=page[:LONGEST_PAGE],
            created_at=at or timezone.now(),
        )
        record(report, "start", by=by)
        notices.stuck(report)
        return report

    def anonymise(self, *, before) -> int:
        """Forget who said and who answered what was said before. Returns how many."""
        known = models.Q(user__isnull=False) | models.Q(answered_by__isnull=False)
        return self.filter(known, created_at__lt=before).update(user=None, answered_by=None)

    def forget_person(self, user) -> int:
        """Forget what this person said and answered. Returns how many."""
        said, answered = self.of(user), self.filter(answered_by=user)
        return said.update(user=None) + answered.update(answered_by=None)


class StuckReport(models.Model):
    """“I'm stuck”: what happened to whom at which step of which version."""

    guide = models.ForeignKey("Guide", on_delete=models.CASCADE, related_name="stuck")
    version = models.ForeignKey("GuideVersion", on_delete=models.PROTECT, related_name="stuck")
    key = models.UUIDField()
    step_title = models.CharField(max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="stuck"
    )
    text = models.TextField(max_length=LONGEST_REPORT)
    page = models.CharField(max_length=LONGEST_PAGE, blank=True)  # the address that they were at
    state = models.CharField(max_length=8, choices=StuckState, default=StuckState.OPEN)
    answer = models.TextField(blank=True, max_length=LONGEST_ANSWER)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # by who was stuck

    objects = StuckReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["guide", "state"], name="stuck_of_guide"),  # figures
            models.Index(
                fields=["created_at"], condition=models.Q(state="open"), name="stuck_open"
            ),  # open(), for_owner()
        ]

    def __str__(self):
        return f"{self.step_title}: {self.text}"[:120]

    def get_absolute_url(self):
        return reverse("onboarding:stuck-report", args=[self.pk])

    @property
    def step_url(self) -> str:
        """Where what they said and its answer stand."""
        return reverse("onboarding:step", args=[self.guide.slug, self.key]) + "#stuck"

    @property
    def page_url(self) -> str:
        """The address that they were at, if it is one of the portal; else nothing."""
        own = {urlsplit(absolute("/")).netloc}
        is_own = self.page.startswith(("/", "http")) and url_has_allowed_host_and_scheme(
            self.page, allowed_hosts=own
        )
        return self.page if is_own else ""

    @transaction.atomic
    def settle(self, *, by, answer: str = "", close: bool = False, at=None) -> None:
        """Answer it, or close it without words. Raises WrongState if that was done before."""
        if not answer.strip() and not close:
            raise Refused("Write an answer, or close the report.", pointer="/answer")
        state = StuckState.CLOSED if close else StuckState.ANSWERED
        said = {"state": state, "answer": answer.strip(), "answered_by": by}
        rows = type(self).objects.filter(pk=self.pk, state=StuckState.OPEN)
        if not rows.update(**said, answered_at=at or timezone.now()):
            raise WrongState("Somebody answered or closed it meanwhile.")
        self.refresh_from_db()
        record(self, "settle", by=by, state=(StuckState.OPEN, state))
        notices.answered(self)

    def read(self, *, at=None) -> None:
        """Who was stuck has read the answer."""
        rows = type(self).objects.filter(pk=self.pk, state=StuckState.ANSWERED, read_at=None)
        rows.update(read_at=at or timezone.now())
