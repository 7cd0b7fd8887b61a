from datetime import timedelta

from django.db import models

EVERY = timedelta(seconds=5)
SILENT = timedelta(seconds=30)  # three times as long as an engine may be busy with one delivery
KEPT = timedelta(days=7)


class BeatQuerySet(models.QuerySet):
    def beat(self, name: str, *, at) -> None:
        """Note that the engine lives, at most every 5 s; forget engines that are long gone."""
        if self.filter(name=name, at__gt=at - EVERY).exists():
            return
        if not self.filter(name=name).update(at=at):
            self.bulk_create([self.model(name=name, at=at)], ignore_conflicts=True)
            self.filter(at__lt=at - KEPT).delete()

    def last(self):
        """The newest beat of any engine, or None."""
        return self.order_by("-at").first()

    def word(self, at) -> str:
        """“ok”, “silent since …” or “never”."""
        newest = self.last()
        if newest is None:
            return "never"
        return "ok" if newest.at > at - SILENT else f"silent since {newest.at.isoformat()}"


class Beat(models.Model):
    """When an engine last showed that it lives; one row for each machine that runs engines."""

    name = models.CharField(max_length=255, unique=True)
    at = models.DateTimeField()

    objects = BeatQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name
