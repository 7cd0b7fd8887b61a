from django.conf import settings
from django.db import models
from django.utils import timezone


class Feedback(models.Model):
    """What one reader said of one version: helpful or not, and why."""

    runbook = models.ForeignKey("Runbook", on_delete=models.CASCADE, related_name="feedback")
    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="feedback"
    )
    helpful = models.BooleanField()
    reason = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="one_feedback_per_reader")
        ]

    def __str__(self):
        return f"{'Helpful' if self.helpful else 'Not helpful'}: {self.reason}"[:80]
