from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data import clock, schedules
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Conflict
from portal.core.templatetags.look import duration
from portal.monitoring.heartbeats import notices
from portal.search import index
from portal.search.models.indexed import Indexed
from runbooks.models import Runbook

from .flips import Flip
from .heartbeat_choices import FlipReason, HeartbeatState
from .heartbeat_queries import HeartbeatQuerySet
from .intakes import Intake

SHORTEST_SPAN, LONGEST_SPAN = timedelta(seconds=1), timedelta(days=366)
SHORTEST_PERIOD = timedelta(seconds=10)
DAY = timedelta(days=1)
LONGEST_NAME, LONGEST_SLUG = 120, 100
SECRET = ("uuid", "badge_key")  # never in the audit log
SLUG = RegexValidator(r"\A[a-z0-9_-]+\Z", "Use a-z, 0-9, hyphens and underscores.")


class HeartbeatManager(models.Manager.from_queryset(HeartbeatQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def make(self, name: str, *, by=None, at: datetime | None = None, **about: Any) -> "Heartbeat":
        """A new heartbeat, which waits for its first ping. Raises ValidationError."""
        heartbeat = self.model(name=name, created_at=at or clock.now(), **about)
        if not heartbeat.slug:
            heartbeat.slug = slugify(name)[:LONGEST_SLUG] or "heartbeat"
        heartbeat.settle()
        heartbeat.save(force_insert=True)
        record(heartbeat, "start", by=by)
        index.put(heartbeat)
        return heartbeat

    def make_by_ping(self, slug: str, *, owner: Team | None) -> "Heartbeat":
        """That of a slug that was called for the first time: once a day, an hour of grace."""
        return self.make(slug, slug=slug, owner=owner, every=DAY)

    def look_after_pauses(self, at: datetime) -> bool:
        """End one pause that is over, or tell of one that goes on for long; False without any."""
        with suppress(Conflict):  # another engine was first
            if over := self.pause_over(at).first():
                over.resume(at=at, reason=FlipReason.PAUSE_ENDED)
                return True
        heartbeat = self.paused_too_long(at).select_related("service", "runbook").first()
        return heartbeat is not None and heartbeat.tell_of_pause(at=at)


class Heartbeat(Versioned, Indexed):
    """A job that has to report by itself: when it is expected, and who looks after it."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)  # the secret address
    badge_key = models.UUIDField(unique=True, default=uuid4, editable=False)
    name = models.CharField(max_length=LONGEST_NAME)
    slug = models.CharField(
        max_length=LONGEST_SLUG,
        blank=True,
        validators=[SLUG],
        help_text="For `/ping/<key>/<slug>`.",
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="heartbeats"
    )
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="heartbeats"
    )
    runbook = models.ForeignKey(
        Runbook, null=True, blank=True, on_delete=models.SET_NULL, related_name="heartbeats"
    )
    intake = models.OneToOneField(  # whose Watchdog it waits for
        Intake, null=True, blank=True, on_delete=models.SET_NULL, related_name="heartbeat"
    )
    every = models.DurationField(null=True, blank=True)  # null: by cron
    cron = models.CharField(max_length=schedules.LONGEST_CRON, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    grace = models.DurationField(default=timedelta(hours=1))
    shortest = models.DurationField(null=True, blank=True)
    longest = models.DurationField(null=True, blank=True)
    manual_resume = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    pause_told_at = models.DateTimeField(null=True)  # that it is paused for too long
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)

    objects = HeartbeatManager()

    class Meta:
        ordering = ["name", "pk"]
        permissions = [("pause_heartbeat", "Can pause and resume heartbeats")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every__isnull=False, cron="")
                | (models.Q(every=None) & ~models.Q(cron="")),
                name="heartbeat_every_or_cron",
            ),
            models.CheckConstraint(
                condition=models.Q(paused_until=None) | models.Q(paused_at__isnull=False),
                name="heartbeat_until_is_of_a_pause",
            ),
        ]
        indexes = [
            models.Index(fields=["slug"], name="heartbeat_by_slug"),  # /ping/<key>/<slug>
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("monitoring:heartbeat", args=[self.pk])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    @property
    def when(self) -> str:
        """Its schedule in a line."""
        return f"cron {self.cron}, {self.zone}" if self.cron else f"every {duration(self.every)}"

    @property
    def longest_run(self) -> timedelta:
        """How long after its start a run may go on before the heartbeat is down."""
        return self.longest or self.grace

    def expected_after(self, at: datetime) -> datetime:
        """When it has to report next, after it did at this time."""
        if self.cron:
            return schedules.next_run(self.cron, self.zone, at)
        return at + (self.every or DAY)

    # Verbs

    @transaction.atomic
    def change(
        self,
        about: Mapping[str, Any],
        *,
        by,
        based_on: int | None = None,
        at: datetime | None = None,
    ) -> None:
        """Write these fields; what is expected of it is worked out anew.

        Raises Stale if somebody else changed it since revision `based_on`, and ValidationError.
        """
        if self.stands(about, based_on=based_on):
            return
        self.claim(based_on, yours=about)
        self.refresh_from_db()
        before = {name: getattr(self, name) for name in about}
        for name, value in about.items():
            setattr(self, name, value)
        if not self.slug:
            self.slug = slugify(self.name)[:LONGEST_SLUG] or "heartbeat"
        self.settle()
        self.save()
        changes = {name: (was, about[name]) for name, was in before.items() if was != about[name]}
        record(self, "change", by=by, **changes)
        index.put(self)
        self._schedule()

    @transaction.atomic
    def pause(self, *, by, until: datetime | None = None, at: datetime | None = None) -> None:
        """Expect nothing of it, until somebody, that time or a ping ends the pause."""
        at = at or clock.now()
        if until is not None and until <= at:
            raise ValidationError({"until": "The pause has to end in the future."})
        rows = Heartbeat.objects.filter(pk=self.pk, paused_at=None)
        before = self._stored()
        if not rows.update(paused_at=at, paused_until=until, pause_told_at=None):
            raise Conflict("It is paused already.")
        self.instances.update(down_at=None, started_at=None, started_rid=None)
        self._flip(before, HeartbeatState.PAUSED, FlipReason.PAUSED, at, by)
        record(self, "pause", by=by)
        self.refresh_from_db()

    @transaction.atomic
    def resume(
        self, *, by=None, at: datetime | None = None, reason: str = FlipReason.RESUMED
    ) -> None:
        """Expect it again, for the first time one period from now; what was down is down still."""
        at = at or clock.now()
        rows = Heartbeat.objects.filter(pk=self.pk, paused_at__isnull=False)
        if not rows.update(paused_at=None, paused_until=None, pause_told_at=None):
            raise Conflict("It is not paused.")
        self.refresh_from_db()
        self._schedule(at=at)
        self._flip(HeartbeatState.PAUSED, self._stored(), reason, at, by)
        record(self, "resume", by=by)

    def wake(self, *, at: datetime) -> None:
        """Resume it by a ping, if no other ping did so at the same moment."""
        with suppress(Conflict):
            self.resume(at=at, reason=FlipReason.PING)

    @transaction.atomic
    def tell_of_pause(self, *, at: datetime) -> bool:
        """Once for each pause; False if another engine did."""
        untold = Heartbeat.objects.filter(pk=self.pk, paused_at=self.paused_at, pause_told_at=None)
        if not untold.update(pause_told_at=at):
            return False
        notices.paused_for_long(self, since=at - (self.paused_at or at))
        return True

    @transaction.atomic
    def rotate(self, *, by) -> None:
        """A new address; the old one is answered 404 from now on."""
        self.claim(None, uuid=uuid4())
        self.refresh_from_db()
        record(self, "rotate", by=by)

    @transaction.atomic
    def forget(self, instance, *, by) -> None:
        """Expect nothing of an instance any more: a host that is gone. It may come back."""
        record(self, "forget", by=by, host=(instance.name, ""))
        instance.delete()

    @transaction.atomic
    def remove(self, *, by) -> None:
        """With all its pings and flips."""
        record(self, "delete", by=by, name=(self.name, ""))
        self.delete()

    # What they do

    def settle(self) -> None:
        """Check it, and write its schedule as it is read. Raises ValidationError."""
        if bool(self.cron) == (self.every is not None):
            raise ValidationError({"every": "Give a period or a cron expression, one of both."})
        if self.cron:
            self.cron = _checked("cron", schedules.normalised, self.cron)
        self.zone = _checked("zone", schedules.known_zone, self.zone or "UTC")
        for name in ("every", "grace", "shortest", "longest"):
            _require_span(name, getattr(self, name))
        if self.shortest and self.longest and self.shortest > self.longest:
            raise ValidationError({"longest": "It is shorter than the shortest run."})
        others = {field.name for field in self._meta.fields} - {"name", "slug"}
        self.clean_fields(exclude=others)
        refuse_signs(self, only=("name",))

    def _schedule(self, at: datetime | None = None) -> None:
        # Locked before they are read, so that no ping that comes meanwhile is overwritten.
        rows = list(self.instances.select_for_update().order_by("pk"))
        for instance in rows:
            instance.heartbeat = self
            instance.schedule(at=at)
        changed = ["state", "counts_from", "expected_at", "down_at"]
        self.instances.bulk_update(rows, changed, batch_size=100)

    def _stored(self) -> str:
        """How it stands whatever the time is: the worst that is stored of its instances."""
        known = set(self.instances.order_by().values_list("state", flat=True))
        for state in (HeartbeatState.DOWN, HeartbeatState.UP):
            if state in known:
                return state
        return HeartbeatState.NEW

    def _flip(self, before: str, after: str, reason: str, at: datetime, by) -> None:
        Flip.objects.note(heartbeat=self, before=before, after=after, reason=reason, at=at, by=by)


def tag_of(pk: int, revision: int) -> str:
    return f'"h{pk}-{revision}"'


def _checked(name: str, check, text: str) -> str:
    try:
        return check(text)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def _require_span(name: str, span: timedelta | None) -> None:
    least = SHORTEST_PERIOD if name == "every" else SHORTEST_SPAN
    if span is not None and not least <= span <= LONGEST_SPAN:
        low = f"{least.total_seconds():.0f} seconds"
        raise ValidationError({name: f"Write {low} to {LONGEST_SPAN.days} days."})
