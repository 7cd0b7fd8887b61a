from django.conf import settings
from django.db import models
from django.utils import timezone


class StepState(models.TextChoices):
    """Where one step of a run stands."""

    OPEN = "open", "To do"
    WAITING = "waiting", "Waiting for a second person"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    SKIPPED = "skipped", "Skipped"


STANDS = {
    StepState.OPEN: "is not done yet",
    StepState.WAITING: "waits for a second person",
    StepState.DONE: "is done",
    StepState.FAILED: "failed",
    StepState.SKIPPED: "was skipped",
}


class RunStep(models.Model):
    """What became of one step in one run. Its text is that of the run's version."""

    run = models.ForeignKey("Run", on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    asks_check = models.BooleanField(default=False)
    asks_second = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=StepState, default=StepState.OPEN)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="run_step_once"),
        ]
        indexes = [
            models.Index(
                fields=["state"], condition=models.Q(state="waiting"), name="run_step_waiting"
            ),  # Run.objects.waiting_for()
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    @property
    def stands(self) -> str:
        """How it stands, as the beginning of a sentence."""
        return f"Step {self.number} {STANDS[StepState(self.state)]}"

    @property
    def says_why(self) -> bool:
        """Whether its note is the reason why it was not done."""
        return self.state in (StepState.FAILED, StepState.SKIPPED)

    def change(self, **fields) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))


class TypedNoteQuerySet(models.QuerySet):
    def keep(self, step: RunStep, user, text: str, *, at=None) -> None:
        """Keep what somebody types for a step, until they tick it or clear it."""
        if not text.strip():
            self.filter(step=step, user=user).delete()
            return
        kept = {"text": text, "saved_at": at or timezone.now()}
        self.update_or_create(step=step, user=user, defaults=kept)


class TypedNote(models.Model):
    """A note that somebody is typing: it waits for them on every device."""

    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="typed")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="typed_notes"
    )
    text = models.TextField()
    saved_at = models.DateTimeField(default=timezone.now)

    objects = TypedNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "user"], name="typed_note_once"),
        ]

    def __str__(self):
        return self.text[:80]
