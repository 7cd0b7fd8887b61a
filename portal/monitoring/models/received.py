from datetime import datetime, timedelta

from django.db import models

from .alerts import Alert
from .intakes import Intake

BODY_KEPT = 32 * 1024  # characters of a delivery, to read; alerts are kept whole elsewhere
CUT = "… (cut here)"
LONGEST_ERROR = 300


def kept(body: bytes) -> str:
    """What is kept of a body to read: text, bounded, without what a database cannot hold."""
    text = body[: BODY_KEPT * 4].decode("utf-8", "replace").replace("\x00", "�")
    return text if len(text) <= BODY_KEPT else text[:BODY_KEPT] + CUT


class ReceivedQuerySet(models.QuerySet):
    def outlived(self, at: datetime, kept_for: timedelta):
        """What came longer ago than such things are kept."""
        return self.filter(at__lt=at - kept_for)

    def forget(self, at: datetime, kept_for: timedelta, most: int) -> int:
        """Delete so many that have outlived it; returns how many. Alerts keep what they became."""
        keys = self.outlived(at, kept_for).order_by("at").values_list("pk", flat=True)[:most]
        deleted, _ = self.filter(pk__in=list(keys)).delete()
        return deleted and len(keys)


class Received(models.Model):
    """One delivery of a tool, and what it was answered."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="received")
    at = models.DateTimeField()
    sender = models.CharField(max_length=200, blank=True, help_text="As the tool calls itself.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    body = models.TextField(blank=True, help_text="As it came; a long one is cut.")
    answer = models.PositiveSmallIntegerField(help_text="The status that was answered.")
    firing = models.PositiveIntegerField(default=0)
    resolved = models.PositiveIntegerField(default=0)
    truncated = models.PositiveIntegerField(
        default=0, help_text="Alerts that the tool left out of it, as there were too many."
    )
    error = models.CharField(max_length=LONGEST_ERROR, blank=True)

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        verbose_name = "delivery that came in"
        verbose_name_plural = "deliveries that came in"
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            # what came in: of all intakes, and of one; the first also finds what has outlived
            models.Index(fields=["-at", "-id"], name="received_newest"),
            models.Index(fields=["intake", "-at", "-id"], name="received_of_intake"),
        ]

    def __str__(self):
        return f"{self.intake}, {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_refused(self) -> bool:
        return self.answer >= 400


class Event(models.Model):
    """What one delivery said of one alert, and what it changed; of many repeats the first ones."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="events")
    received = models.ForeignKey(
        Received, null=True, on_delete=models.SET_NULL, related_name="events"
    )
    at = models.DateTimeField()
    state = models.CharField(max_length=12)  # as the tool said it
    change = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.alert}: {self.change}"
