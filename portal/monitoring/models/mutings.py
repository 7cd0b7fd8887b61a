"""What kept an alert from calling people, and when: so that it can be explained afterwards."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from .alerts import Alert
from .choices import MutedBy
from .silences import Silence
from .windows import Window

LONGEST_WHY = 700
OPEN = Q(ended_at=None)


class MutingQuerySet(models.QuerySet):
    def open(self):
        return self.filter(OPEN)

    def explained(self):
        """With what its page says of them."""
        return self.select_related("silence__created_by", "window__maintenance", "under")


class Muting(models.Model):
    """From when to when one thing muted one alert; while it lasts, `Alert.muted_by` says so."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="mutings")
    by = models.CharField(max_length=12, choices=MutedBy)
    why = models.CharField(max_length=LONGEST_WHY)
    silence = models.ForeignKey(Silence, null=True, on_delete=models.SET_NULL, related_name="+")
    window = models.ForeignKey(Window, null=True, on_delete=models.SET_NULL, related_name="+")
    under = models.ForeignKey(Alert, null=True, on_delete=models.SET_NULL, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_withheld = models.BooleanField(help_text="Whether nobody was told that the alert fires.")
    told_key = models.CharField(max_length=200, blank=True)  # of the message when it ended

    objects = MutingQuerySet.as_manager()

    class Meta:
        ordering = ["began_at", "pk"]
        default_permissions = ()
        constraints = [
            # also what finds the one that lasts, for lists
            models.UniqueConstraint(fields=["alert"], condition=OPEN, name="muted_by_one_thing"),
            models.CheckConstraint(
                condition=Q(by__in=MutedBy.values), name="muting_by_what_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.alert}: {self.why}"

    @property
    def cause(self) -> tuple[str, int | None]:
        """What it is by; two of the same cause are one."""
        return self.by, self.silence_id or self.window_id or self.under_id

    @property
    def was_in_hand(self) -> bool:
        """Whether it ended while its alert was acknowledged: nobody was called again."""
        taken, over = self.alert.acknowledged_at, self.alert.ends_at
        if not self.ended_at or not taken or self.told_key:
            return False
        return taken <= self.ended_at and not (over and over <= self.ended_at)

    @property
    def until(self) -> datetime | None:
        """When it ends, as far as that is known now."""
        until = self.silence or self.window
        return self.ended_at or (until.ends_at if until else None)
