from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from onboarding.problems import WrongState
from portal.core.problems import Missing

from .versions import GuideVersion

LONGEST_SIGHT = 3600  # seconds that count at once: a page left open teaches nothing


class ProgressQuerySet(models.QuerySet):
    def visible(self, user):
        """One's own; those who may see how far people are see all."""
        return self if user.has_perm("onboarding.view_progress") else self.of(user)

    def of(self, user):
        return self.filter(user=user)

    def of_current(self):
        """In guides that are not archived."""
        return self.filter(guide__archived_at=None)

    def open(self):
        """With something left in the version that is followed: a step, or its confirmation."""
        asks = Q(acknowledged_at=None, version__content__asks_acknowledgement=True)
        return self.filter(Q(completed_at=None) | asks)

    def finished(self):
        return self.filter(finished_at__isnull=False)

    @transaction.atomic
    def start(self, guide, *, by, at=None):
        """The progress of a person in a guide: what they began, or a new one."""
        if guide.published is None:
            raise WrongState("It is not published yet.")
        at = at or timezone.now()
        fresh = {"version": guide.published, "started_at": at, "seen_at": at}
        begun = self.filter(guide=guide, user=by).first()
        if begun is None and guide.archived_at:
            raise WrongState("It is archived: only those who started it before may finish it.")
        return begun or self.get_or_create(guide=guide, user=by, defaults=fresh)[0]

    def anonymise(self, *, before) -> int:
        """Forget whose they are: those finished or last seen before. Returns how many."""
        return self.filter(user__isnull=False, seen_at__lt=before).update(user=None)


class Progress(models.Model):
    """How far one person is in one guide, on the version that they began."""

    guide = models.ForeignKey("Guide", on_delete=models.CASCADE, related_name="progress")
    version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="progress")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="progress"
    )  # empty once it was anonymised
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    # of the version that is followed; of those before see PastProgress
    completed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    # of the guide: the first time, in whatever version; moving over takes nothing back
    through_at = models.DateTimeField(null=True)  # all steps
    finished_at = models.DateTimeField(null=True)  # and confirmed, where that was asked

    objects = ProgressQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        verbose_name_plural = "progress"
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "user"], condition=Q(user__isnull=False), name="one_progress"
            ),
        ]
        indexes = [
            models.Index(fields=["version", "completed_at"], name="progress_of_version"),  # figures
            models.Index(fields=["user", "-seen_at"], name="progress_of_user"),  # my guides
        ]

    def __str__(self):
        return f"{self.user or 'Somebody'} in {self.guide} v{self.version.number}"

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None

    @property
    def is_behind(self) -> bool:
        """Whether readers who begin now get a newer version."""
        return self.version_id != self.guide.published_id

    def done_keys(self) -> set[str]:
        done = self.steps.filter(done_at__isnull=False)
        return {str(key) for key in done.values_list("key", flat=True)}

    # Verbs; each may come twice, from two devices

    @transaction.atomic
    def view(self, key: str, *, seconds: int = 0, at=None) -> None:
        """Note that a step was looked at, for so many seconds of visible time."""
        at = at or timezone.now()
        step = self._step(key, at)
        self.guide.stuck.unread(self.user).filter(key=key).update(read_at=at)
        if seconds > 0:
            rows = StepProgress.objects.filter(pk=step.pk)
            rows.update(seconds=F("seconds") + min(int(seconds), LONGEST_SIGHT))
        type(self).objects.filter(pk=self.pk).update(seen_at=at)

    @transaction.atomic
    def done(self, key: str, *, at=None) -> bool:
        """Mark a step as done; the last completes the guide. Returns whether this call did it."""
        at = at or timezone.now()
        step = self._step(key, at)
        ticked = StepProgress.objects.filter(pk=step.pk, done_at=None).update(done_at=at)
        type(self).objects.filter(pk=self.pk).update(seen_at=at)
        self._complete_if_all_done(at)
        return bool(ticked)

    @transaction.atomic
    def undo(self, key: str, *, at=None) -> None:
        """Mark a step as not done; a completed guide stays completed."""
        self._step(key, at or timezone.now())
        self.steps.filter(key=key).update(done_at=None)

    @transaction.atomic
    def acknowledge(self, *, at=None) -> None:
        """Confirm having read and understood it; only where the guide asks for it."""
        if not self.version.content.get("asks_acknowledgement"):
            raise WrongState("Nobody asked for a confirmation of this guide.")
        if not self.is_complete:
            raise WrongState("Finish its steps first.")
        self._note(at or timezone.now(), "acknowledged_at", "finished_at")

    @transaction.atomic
    def move_over(self, *, at=None) -> None:
        """Go on with the version that readers see now; ticks of steps that it still has stay.

        That the older one was completed and confirmed stays known, of that one. Twice is harmless.
        """
        published, at = self.guide.published, at or timezone.now()
        if published is None:
            raise WrongState("It is not published any more.")
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if self.version_id == published.pk:
            return
        PastProgress.objects.keep(self, at=at)
        if self.version.hash != published.hash:
            self.completed_at = self.acknowledged_at = None
        self.version = published
        self.save(update_fields=["version", "completed_at", "acknowledged_at"])
        self._complete_if_all_done(at)

    def _step(self, key: str, at) -> "StepProgress":
        if self.version.step(key) is None:
            raise Missing("This version of the guide has no such step.")
        fresh = {"first_viewed_at": at}
        return self.steps.get_or_create(key=key, defaults=fresh)[0]

    def _complete_if_all_done(self, at) -> None:
        if self.completed_at is None and self.done_keys() >= set(self.version.keys):
            asks = self.version.content.get("asks_acknowledgement")
            self._note(at, "completed_at", "through_at", *([] if asks else ["finished_at"]))

    def _note(self, at, *names: str) -> None:
        """Set these moments, unless they are known."""
        rows = type(self).objects.filter(pk=self.pk)
        rows.update(**{name: Coalesce(name, Value(at)) for name in names})
        self.refresh_from_db(fields=names)

    @property
    def took(self) -> timedelta | None:
        return self.completed_at - self.started_at if self.completed_at else None


class PastProgressQuerySet(models.QuerySet):
    def numbered(self) -> "PastProgressQuerySet":
        """Each with the `number` of its version, and without the content."""
        return self.annotate(number=F("version__number"))

    def keep(self, progress, *, at):
        """What is known of the version that this progress leaves now."""
        facts = {"completed_at": progress.completed_at, "acknowledged_at": progress.acknowledged_at}
        return self.create(progress=progress, version=progress.version, left_at=at, **facts)


class PastProgress(models.Model):
    """How far somebody was on a version when they moved over to a newer one."""

    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, related_name="past")
    version = models.ForeignKey(
        GuideVersion, on_delete=models.PROTECT, related_name="past_progress"
    )
    left_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    objects = PastProgressQuerySet.as_manager()

    class Meta:
        ordering = ["-left_at", "-pk"]
        verbose_name_plural = "past progress"
        constraints = [
            models.UniqueConstraint(fields=["progress", "version"], name="left_once"),
        ]

    def __str__(self):
        return f"{self.progress.user or 'Somebody'} in {self.version}, until they moved over"


class StepProgress(models.Model):
    """What one person did with one step: looked at it, for how long, ticked it."""

    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, related_name="steps")
    key = models.UUIDField()  # of the step, through all versions
    first_viewed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)  # of visible time

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["progress", "key"], name="step_progress_once"),
        ]
        indexes = [
            models.Index(fields=["key", "seconds", "progress", "done_at"], name="steps_met"),
        ]  # figures.steps_of

    def __str__(self):
        return str(self.key)
