import logging
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Max, Q

from portal.core.outgoing import client
from portal.core.outgoing.connections import Refused

EVERY = timedelta(seconds=5)
REPORTED_EVERY = timedelta(minutes=1)
DEADLINE = 8.0  # seconds for a report: less than the engine waits when it is told to end
SILENT = timedelta(seconds=30)  # many beats long, so that a busy machine is not called silent
KEPT = timedelta(days=7)
TAKEN = 2  # hundred and something

log = logging.getLogger(__name__)


class BeatQuerySet(models.QuerySet):
    def beat(self, name: str, *, at) -> None:
        """Note that the engine lives, at most every 5 s; forget engines that are long gone."""
        if self.filter(name=name, at__gt=at - EVERY, at__lte=at + EVERY).exists():
            return
        if not self.filter(name=name).update(at=at):
            self.bulk_create([self.model(name=name, at=at)], ignore_conflicts=True)
            self.filter(at__lt=at - KEPT).delete()

    def report(self, name: str, url: str, *, at) -> None:
        """Once a minute, show an address outside that this engine lives, as long as it beats."""
        untold = Q(report_due_at=None) | Q(report_due_at__lte=at)
        is_due = untold | Q(report_due_at__gt=at + REPORTED_EVERY)  # noted by a clock that jumped
        rows = self.filter(is_due, name=name, at__gt=at - SILENT, at__lte=at + SILENT)
        beat: Any = rows.first()
        if beat and rows.update(report_due_at=at + REPORTED_EVERY):
            beat.report(url, at=at)

    def report_word(self) -> str:
        """“ok”, “failing: why” or “never”: whether an address outside hears an engine."""
        error = self.report_error()
        reported = error or self.filter(reported_at__isnull=False).exists()
        return f"failing: {error}" if error else "ok" if reported else "never"

    def report_error(self) -> str:
        """Why the newest report was not taken; empty if it was."""
        reported = self.filter(report_due_at__isnull=False).order_by("-report_due_at")
        return reported.values_list("report_error", flat=True).first() or ""

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
    reported_at = models.DateTimeField(null=True)  # to an address outside, which took it
    report_due_at = models.DateTimeField(null=True)
    report_error = models.CharField(max_length=250, blank=True, default="", db_default="")

    objects = BeatQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name

    def report(self, url: str, *, at) -> None:
        """Post to the address outside, and note whether it took that."""
        error = _answer(url)[:250]
        if error and error != self.report_error:
            log.error("The dead man's switch does not hear this engine: %s", error)
        noted = {"report_error": error} | ({} if error else {"reported_at": at})
        type(self).objects.filter(pk=self.pk).update(**noted)


def _answer(url: str) -> str:
    """Why the address did not take it; empty if it did. Names no address: it may be a key."""
    try:
        status = client.post(url, {"content-length": "0"}, b"", DEADLINE)
    except (Refused, client.Unreached) as error:
        return str(error)
    return "" if status // 100 == TAKEN else f"It answered {status}."
