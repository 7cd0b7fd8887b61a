"""Maintenance windows: planned work on services, once or again and again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from portal.architecture.models import Service
from portal.core.data import clock, schedules
from portal.core.data.audit import record
from portal.core.problems import Conflict, Refused

from .choices import Phase
from .schedule import starts, validate_cron, validate_zone

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=7)
FARTHEST = timedelta(days=366)  # ahead that a window may begin
AHEAD = timedelta(days=60)  # for which recurring windows are planned
AT_ONCE = 200
LATEST = timedelta(days=1)  # back that one may have begun


class WindowOver(Conflict):
    """It has ended, or was cancelled: there is nothing left to change."""

    code, title = "window-over", "The window is over"


class MaintenanceQuerySet(models.QuerySet):
    model: "type[Maintenance]"  # type: ignore[assignment]

    def visible(self, user):
        return self if user.has_perm("monitoring.view_maintenance") else self.none()

    def recurring(self, at: datetime):
        """What goes on making windows."""
        return self.exclude(cron="").filter(Q(until=None) | Q(until__gt=at), cancelled_at=None)

    @transaction.atomic
    def plan(self, *, services: Iterable[Service], by, at: datetime | None = None, **fields: Any):
        """Plan it, with its first windows. Raises Refused or ValidationError.

        Takes title, note, starts_at, duration, cron, zone, until and is_for_all.
        """
        at, services = at or clock.now(), list(services)
        fields["title"] = str(fields.get("title", "")).strip()
        row = self.model(planned_by=by, created_at=at, **fields)
        _require_times(row, at)
        if bool(services) == row.is_for_all:
            raise Refused("Name its services, or say that it is for all.", pointer="/services")
        row.full_clean()
        row.save()
        row.services.set(services)
        if not row.extend(at):
            detail = "It makes no window: change when it recurs, or until when."
            raise Refused(detail, pointer="/until" if row.until else "/cron")
        record(row, "start", by=by)
        return row


def _require_times(row, at: datetime) -> None:
    if not SHORTEST <= row.duration <= LONGEST:
        raise Refused("A window lasts 5 minutes to 7 days.", pointer="/duration")
    if not at - LATEST <= row.starts_at <= at + FARTHEST:
        raise Refused("It begins today, or within a year.", pointer="/starts_at")
    if not row.cron and row.starts_at + row.duration <= at:
        raise Refused("This window would be over already.", pointer="/starts_at")
    if row.until and not row.cron:
        raise Refused("Only what recurs has an end.", pointer="/until")


class Maintenance(models.Model):
    """Planned work: alerts of its services call nobody during its windows."""

    title = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True, help_text="What is done, and the risk.")
    services = models.ManyToManyField(Service, blank=True, related_name="maintenance")
    is_for_all = models.BooleanField(
        default=False, help_text="All services, and alerts for which no service was found."
    )
    starts_at = models.DateTimeField(help_text="Of what recurs: no window begins before.")
    duration = models.DurationField(help_text="Of one window.")
    cron = models.CharField(
        max_length=schedules.LONGEST_CRON,
        blank=True,
        validators=[validate_cron],
        help_text="When it recurs, in its time zone; empty: once.",
    )
    zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    until = models.DateTimeField(null=True, blank=True, help_text="No window begins after.")
    created_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "maintenance"
        ordering = ["-created_at", "-pk"]
        default_permissions = ("add", "change", "view")  # cancelled, never deleted

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("monitoring:maintenance-plan", args=[self.pk])

    def begins(self, at: datetime) -> list[datetime]:
        """When its windows begin that are not over, as far ahead as they are planned."""
        if not self.cron:
            return [self.starts_at]
        since = max(self.starts_at, at - self.duration) - timedelta(seconds=1)
        last = min(filter(None, [self.until, max(at, self.starts_at) + AHEAD]))
        found = takewhile(lambda each: each <= last, starts(self.cron, self.zone, since))
        return [each for each, _ in zip(found, range(AT_ONCE), strict=False)]

    @transaction.atomic
    def extend(self, at: datetime) -> int:
        """Make the windows that do not exist yet; any number of engines may. Returns how many.

        None once it is cancelled, also if that happens at the same moment.
        """
        known = set(self.windows.values_list("starts_at", flat=True))
        new = [
            Window(maintenance=self, starts_at=each, ends_at=each + self.duration)
            for each in self.begins(at)
            if each not in known and each + self.duration > at
        ]
        if not new or not self._is_going_on():
            return 0
        Window.objects.bulk_create(new, ignore_conflicts=True)
        return len(new)

    def _is_going_on(self) -> bool:
        """Whether it is not cancelled, nor will be before the caller's transaction ends."""
        rows = Maintenance.objects.select_for_update().filter(pk=self.pk, cancelled_at=None)
        return rows.first() is not None

    @transaction.atomic
    def cancel(self, *, by, at: datetime | None = None) -> None:
        """Cancel what is planned, and end what runs. Raises WindowOver."""
        at = at or clock.now()
        if not self.windows.current(at).exists():
            raise WindowOver("All its windows are over.")
        if not Maintenance.objects.filter(pk=self.pk, cancelled_at=None).update(cancelled_at=at):
            raise WindowOver("It is cancelled already.")
        left = self.windows.filter(cancelled_at=None, ends_at__gt=at)
        left.filter(starts_at__lte=at).update(ends_at=at, ended_by=by)
        left.filter(starts_at__gt=at).update(cancelled_at=at, ended_by=by)
        self.cancelled_at = at
        record(self, "cancel", by=by)


class WindowQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("monitoring.view_maintenance") else self.none()

    def kept(self):
        """Those that were not cancelled before they began, neither they nor their plan."""
        took_place = Q(ends_at__lte=F("maintenance__cancelled_at"))
        return self.filter(Q(maintenance__cancelled_at=None) | took_place, cancelled_at=None)

    def current(self, at: datetime):
        return self.kept().filter(ends_at__gt=at)

    def active(self, at: datetime):
        return self.current(at).filter(starts_at__lte=at)

    def upcoming(self, at: datetime):
        return self.kept().filter(starts_at__gt=at)

    def past(self, at: datetime):
        is_cancelled = Q(cancelled_at__isnull=False) | Q(maintenance__cancelled_at__isnull=False)
        return self.filter(Q(ends_at__lte=at) | is_cancelled)

    def in_phase(self, phase: str, at: datetime):
        asked = {Phase.ACTIVE: self.active, Phase.UPCOMING: self.upcoming, Phase.PAST: self.past}
        return asked[Phase(phase)](at)

    def of_services(self, slugs: list[str]):
        """Those that mute alerts of one of these services."""
        named = Maintenance.objects.filter(services__slug__in=slugs)
        return self.filter(Q(maintenance__in=named) | Q(maintenance__is_for_all=True))

    def to_announce_start(self, at: datetime):
        return self.active(at).filter(start_told_at=None)

    def to_announce_end(self, at: datetime):
        """Only of those whose start was announced."""
        told = self.kept().filter(start_told_at__isnull=False, end_told_at=None)
        return told.filter(ends_at__lte=at)


class Window(models.Model):
    """One time at which maintenance takes place."""

    maintenance = models.ForeignKey(Maintenance, on_delete=models.CASCADE, related_name="windows")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    start_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    end_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = "maintenance window"
        ordering = ["starts_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["maintenance", "starts_at"], name="window_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="window_ends_after_it_begins"
            ),
        ]
        indexes = [
            # active(), upcoming(), past() and what has to be announced
            models.Index(fields=["ends_at", "starts_at"], name="window_times")
        ]

    def __str__(self):
        return f"{self.maintenance}, {self.starts_at:%Y-%m-%d %H:%M}"

    def phase(self, at: datetime) -> Phase:
        if self.cancelled_at or self.ends_at <= at:
            return Phase.PAST
        return Phase.ACTIVE if self.starts_at <= at else Phase.UPCOMING

    @transaction.atomic
    def end(self, *, by, at: datetime | None = None) -> None:
        """End it now; one that has not begun is cancelled. Raises WindowOver."""
        at = at or clock.now()
        mine = Window.objects.filter(pk=self.pk, cancelled_at=None, ends_at__gt=at)
        has_begun = self.starts_at <= at
        changed = {"ends_at": at} if has_begun else {"cancelled_at": at}
        if not mine.update(**changed, ended_by=by):
            raise WindowOver("This window is over already.")
        for name, value in changed.items():
            setattr(self, name, value)
        record(self.maintenance, "end", by=by, window=(self.starts_at.isoformat(), at.isoformat()))

    def announced(self, what: str, at: datetime) -> bool:
        """Note that its `start` or `end` is told; False: another engine has done so."""
        column = f"{what}_told_at"
        free = Window.objects.filter(pk=self.pk, **{column: None})
        return bool(free.update(**{column: at}))
