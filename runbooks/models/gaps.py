from django.db import models
from django.db.models import Exists, F, OuterRef

from .names import AlertName

MOST = 5000  # alerts that are remembered: whoever may read could otherwise fill the disk


class GapQuerySet(models.QuerySet):
    def open(self):
        """Alerts that somebody looked up and that still have no runbook, the most wanted first."""
        answered = AlertName.objects.filter(name=OuterRef("name"))
        return self.filter(~Exists(answered)).order_by("-count", "name")

    def note(self, name: str, *, at) -> None:
        """Count one more look-up of an alert that has no runbook; of no other text.

        When there are too many, the least wanted are forgotten, the oldest of them first.
        """
        if not AlertName.allows(name):
            return
        _, created = self.get_or_create(name=name, defaults={"first_at": at, "last_at": at})
        if not created:
            self.filter(name=name).update(count=F("count") + 1, last_at=at)
        elif self.count() > MOST:
            least = self.exclude(name=name).order_by("count", "last_at", "pk")
            keys = least.values_list("pk", flat=True)[: MOST // 10]
            self.filter(pk__in=list(keys)).delete()


class Gap(models.Model):
    """An alert that was looked up although no runbook answers it."""

    name = models.CharField(max_length=200, unique=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = "alert without a runbook"
        verbose_name_plural = "alerts without a runbook"
        ordering = ["-count", "name"]
        indexes = [models.Index(fields=["-count", "name"], name="gap_most_wanted")]  # open()

    def __str__(self):
        return self.name
