from django.db import models
from django.db.models import Exists, F, OuterRef

from .names import AlertName


class GapQuerySet(models.QuerySet):
    def open(self):
        """Alerts that somebody looked up and that still have no runbook, the most wanted first."""
        answered = AlertName.objects.filter(name=OuterRef("name"))
        return self.filter(~Exists(answered)).order_by("-count", "name")

    def note(self, name: str, *, at) -> None:
        """Count one more look-up of an alert that has no runbook; of no other text."""
        if not AlertName.allows(name):
            return
        _, created = self.get_or_create(name=name, defaults={"first_at": at, "last_at": at})
        if not created:
            self.filter(name=name).update(count=F("count") + 1, last_at=at)


class Gap(models.Model):
    """An alert that was looked up although no runbook answers it."""

    name = models.CharField(max_length=200, unique=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["-count", "name"]
        indexes = [models.Index(fields=["-count", "name"], name="gap_most_wanted")]  # open()

    def __str__(self):
        return self.name
