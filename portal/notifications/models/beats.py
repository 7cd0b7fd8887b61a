from datetime import timedelta

from django.db import models
from django.db.models import Max

EVERY = timedelta(seconds=5)
SILENT = timedelta(seconds=30)  # many beats long, so that a busy machine is not called silent
KEPT = timedelta(days=7)


class BeatQuerySet(models.QuerySet):
    def beat(self, name: str, *, at) -> None:
        """Note that the engine lives, at most every 5 s; forget engines that are long gone."""
        if self.filter(name=name, at__gt=at - EVERY, at__lte=at + EVERY).exists():
            return
        if not self.filter(name=name).update(at=at):
            self.bulk_create([self.model(name=name, at=at)], ignore_conflicts=True)
            self.filter(at__lt=at - KEPT).delete()

    def silence(self, at) -> timedelta | None:
        """How long ago any engine beat; None if none ever did. One in the future is no beat."""
        newest = self.filter(at__lte=at + SILENT).aggregate(newest=Max("at"))["newest"]
        return None if newest is None else max(at - newest, timedelta())

    def word(self, at) -> str:
        """“ok”, “silent since …” or “never”."""
        silence = self.silence(at)
        if silence is None:
            return "never"
        return "ok" if silence < SILENT else f"silent since {(at - silence).isoformat()}"


class Beat(models.Model):
    """When an engine last showed that it lives; one row for each machine that runs engines."""

    name = models.CharField(max_length=255, unique=True)
    at = models.DateTimeField()

    objects = BeatQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name
