from django.conf import settings
from django.db import models
from django.utils import timezone

from .heartbeat_choices import FlipReason, HeartbeatState


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

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()  # who sees the heartbeat sees them
        indexes = [
            models.Index(fields=["heartbeat", "-at"], name="flip_of_heartbeat"),  # its page
            models.Index(fields=["at"], name="flip_by_time"),  # retention
        ]

    def __str__(self):
        return f"{self.get_before_display()} to {self.get_after_display()}"
