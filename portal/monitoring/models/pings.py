from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils import timezone

from .heartbeat_choices import Signal, Verdict

BODY_LIMIT = 100_000  # bytes of a body that are kept
SMALL_BODY = 1000  # bytes: smaller ones are not counted, as the number of pings is limited
BODIES_KEPT = 20 * 1024 * 1024  # bytes of all larger bodies of a heartbeat, whoever reports
REMOVED = b"(removed)"  # stands for a body that had to make room; its size is 0
LONGEST_AGENT = 200
LONGEST_RUN = timedelta(days=3)  # a start that is older belongs to no end
LARGEST_STATUS = 255


@dataclass(frozen=True)
class Call:
    """What a client sent to the address of a heartbeat."""

    signal: Signal = Signal.SUCCESS
    exit_status: int | None = None
    rid: UUID | None = None
    body: bytes = b""
    method: str = "GET"
    address: str | None = None
    agent: str = ""


class PingQuerySet(models.QuerySet):
    def start_of(self, rid: UUID, at: datetime):
        """When the run of this id began, if that is not too long ago to be true."""
        starts = self.filter(rid=rid, signal=Signal.START, at__gte=at - LONGEST_RUN)
        return starts.order_by("-n").values_list("at", flat=True).first()

    def make_room(self, heartbeat: int) -> None:
        """Remove the oldest bodies of a heartbeat, so that all of them fit into BODIES_KEPT."""
        rows = self.filter(instance__heartbeat=heartbeat, size__gt=SMALL_BODY)
        newest = rows.order_by("-at", "-pk").values_list("pk", "size")
        total, removed = 0, []
        for pk, size in newest:
            total += size
            if total > BODIES_KEPT:
                removed.append(pk)
        if removed:
            self.filter(pk__in=removed).update(body=REMOVED, size=0)

    def newest(self):
        """The newest first, without their bodies."""
        return self.order_by("-at", "-pk").defer("body")


class Ping(models.Model):
    """One sign of life: when, what it says, and what came with it."""

    instance = models.ForeignKey("Instance", on_delete=models.CASCADE, related_name="signs")
    n = models.PositiveIntegerField()
    signal = models.CharField(max_length=8, choices=Signal)
    exit_status = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    duration = models.DurationField(null=True)
    verdict = models.CharField(max_length=5, choices=Verdict, blank=True)
    rid = models.UUIDField(null=True)
    method = models.CharField(max_length=4)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=LONGEST_AGENT, blank=True)
    size = models.PositiveIntegerField(default=0)  # of the body that is kept
    body = models.BinaryField(blank=True)

    objects = PingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()  # who sees the heartbeat sees them
        constraints = [
            models.UniqueConstraint(fields=["instance", "n"], name="ping_numbered_once"),
        ]
        indexes = [
            models.Index(fields=["at"], name="ping_by_time"),  # retention
            models.Index(  # the start of a run, where several overlap
                fields=["instance", "rid"],
                condition=models.Q(rid__isnull=False),
                name="ping_of_run",
            ),
            models.Index(  # make_room()
                fields=["instance", "-at"],
                condition=models.Q(size__gt=SMALL_BODY),
                name="ping_with_body",
            ),
        ]

    def __str__(self):
        return f"{self.n}: {self.get_signal_display()}"

    @property
    def is_body_removed(self) -> bool:
        """Whether something came with it that made room for newer ones."""
        return not self.size and bool(self.body)

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is shown as such."""
        if not self.size:
            return ""
        return bytes(self.body).decode(errors="replace")
