from django.conf import settings
from django.db import models
from django.utils import timezone


class WorkingCopyQuerySet(models.QuerySet):
    def of(self, user, runbook):
        """What this person is typing for a runbook, or for a new one if it is None."""
        return self.filter(user=user, runbook=runbook)

    def keep(self, user, runbook, *, at=None, **typed):
        """Keep what was typed in place of what was kept before. `typed`: title, text, note, …"""
        typed["saved_at"] = at or timezone.now()
        copy, _ = self.update_or_create(user=user, runbook=runbook, defaults=typed)
        return copy


class WorkingCopy(models.Model):
    """What somebody is typing and has not saved yet, so that nothing typed is ever lost."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="working_copies",
    )
    runbook = models.ForeignKey(
        "Runbook", null=True, on_delete=models.CASCADE, related_name="working_copies"
    )
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    based_on = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "working copies"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "runbook"], name="one_working_copy_per_runbook"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(runbook=None),
                name="one_working_copy_of_a_new_runbook",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.runbook or self.title or 'new runbook'}"
