from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from .heartbeat_choices import FlipReason, HeartbeatState


class FlipQuerySet(models.QuerySet):
    def note(self, *, before: str, after: str, at: datetime, **about: Any) -> Any:
        """Only going down and its end are an alert: nobody has to look at the others again.

        A pause of the whole is neither: what was down before it is down after it.
        """
        is_alert = about.get("instance") is not None and HeartbeatState.DOWN in (before, after)
        announced_at = None if is_alert else at
        return self.create(before=before, after=after, at=at, announced_at=announced_at, **about)

    def unannounced(self):
        """The oldest first: what no alert says yet."""
        return self.filter(announced_at=None).order_by("pk")

    def began(self, flip: "Flip"):
        """When the instance went down that this flip ends."""
        earlier = self.filter(instance=flip.instance, after=HeartbeatState.DOWN, pk__lt=flip.pk)
        return earlier.order_by("-pk").values_list("at", flat=True).first()


class Flip(models.Model):
    """One change of the state of a heartbeat, or of one of its instances; only ever added to."""

    heartbeat = models.ForeignKey("Heartbeat", on_delete=models.CASCADE, related_name="flips")
    instance = models.ForeignKey(
        "Instance", null=True, on_delete=models.CASCADE, related_name="flips"
    )  # null: of the heartbeat as a whole, as when it is paused
    before = models.CharField(max_length=8, choices=HeartbeatState)
    after = models.CharField(max_length=8, choices=HeartbeatState)
    reason = models.CharField(max_length=12, choices=FlipReason)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    announced_at = models.DateTimeField(null=True)  # that its alert began or ended

    objects = FlipQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()  # who sees the heartbeat sees them
        indexes = [
            models.Index(fields=["heartbeat", "-at"], name="flip_of_heartbeat"),  # its page
            models.Index(fields=["at"], name="flip_by_time"),  # retention
            models.Index(  # the engine asks for them
                fields=["id"], condition=models.Q(announced_at=None), name="flip_unannounced"
            ),
        ]

    def __str__(self):
        return f"{self.get_before_display()} to {self.get_after_display()}"
