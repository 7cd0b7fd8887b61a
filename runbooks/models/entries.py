from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_NOTE = 100_000  # of a step or of the run
LONGEST_HAND_OVER = 500


class EntryKind(models.TextChoices):
    """What happened in a run."""

    STARTED = "started", "started"
    DONE = "done", "finished"
    CONFIRMED = "confirmed", "confirmed"
    FAILED = "failed", "failed"
    SKIPPED = "skipped", "skipped"
    RETRIED = "retried", "reopened"
    NOTE = "note", "noted"
    HANDED_OVER = "handed_over", "handed over"
    SUCCEEDED = "succeeded", "ended it as succeeded"
    ABORTED = "aborted", "stopped it"
    ROLLED_BACK = "rolled_back", "ended it as rolled back"


def handed_over_text(to, note: str) -> str:
    """What the log says of a hand-over."""
    return f"to {to}: {note}" if note else f"to {to}"


def message_to(person, text: str) -> str:
    """What was said to this person, of the text of a hand-over to them."""
    return text.removeprefix(f"to {person}").removeprefix(": ")


class Entry(models.Model):
    """One line of a run's log: who did what, when; only ever added to."""

    run = models.ForeignKey("Run", on_delete=models.CASCADE, related_name="entries")
    step = models.ForeignKey("RunStep", null=True, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "-at", "-pk"]
        verbose_name_plural = "entries"

    def __str__(self):
        return f"{self.by_name} {self.get_kind_display()}"

    def says(self, text: str, image, *, by) -> bool:
        """Whether this is the same note, sent again by the same person."""
        pictures = [] if image is None else [image.sha256]
        is_same = self.kind == EntryKind.NOTE and self.by == by and self.text == text
        return is_same and list(self.images.values_list("sha256", flat=True)) == pictures

    def attach(self, stored, *, by) -> None:
        """Keep a picture (portal.core.media.uploads.StoredImage) as evidence."""
        pictures = self.images.model.objects
        pictures.keep(stored, alt=f"Evidence of run {self.run_id}", by=by, entry=self)
