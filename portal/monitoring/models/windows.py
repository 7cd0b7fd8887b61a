"""The times at which maintenance takes place."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.problems import Conflict, Refused

from .choices import Phase
from .phases import PhasedQuerySet, phase_of


class WindowOver(Conflict):
    """It has ended, or was cancelled: there is nothing left to change."""

    code, title = "window-over", "The window is over"


class WindowQuerySet(PhasedQuerySet):
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

    def over(self, at: datetime):
        """Those that took place."""
        return self.kept().filter(ends_at__lte=at)

    def cancelled(self, at: datetime):
        """Those that never will, nor did: by themselves, or with their plan."""
        kept = Window.objects.kept().values("pk")
        return self.exclude(pk__in=kept)

    def of_services(self, slugs: list[str]):
        """Those that mute alerts of one of these services."""
        plans = self.model._meta.get_field("maintenance").related_model.objects
        named = plans.filter(services__slug__in=slugs)
        return self.filter(Q(maintenance__in=named) | Q(maintenance__is_for_all=True))

    def to_announce_start(self, at: datetime):
        return self.active(at).filter(start_told_at=None)

    def to_announce_end(self, at: datetime):
        """Only of those whose start was announced."""
        told = self.kept().filter(start_told_at__isnull=False, end_told_at=None)
        return told.filter(ends_at__lte=at)


class Window(models.Model):
    """One time at which maintenance takes place."""

    maintenance = models.ForeignKey(
        "monitoring.Maintenance", on_delete=models.CASCADE, related_name="windows"
    )
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
        return Phase.PAST if self.cancelled_at else phase_of(self.starts_at, self.ends_at, at)

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

    def move_end(self, duration: timedelta, *, at: datetime) -> bool:
        """Let one that runs last so long; whether that differs. Raises Refused for the past."""
        ends_at = self.starts_at + duration
        if ends_at == self.ends_at:
            return False
        if ends_at <= at:
            detail = "The window that runs would be over already: end it instead."
            raise Refused(detail, pointer="/duration")
        Window.objects.filter(pk=self.pk).update(ends_at=ends_at)
        self.ends_at = ends_at
        return True

    def announced(self, what: str, at: datetime) -> bool:
        """Note that its `start` or `end` is told; False: another engine has done so."""
        column = f"{what}_told_at"
        free = Window.objects.filter(pk=self.pk, **{column: None})
        return bool(free.update(**{column: at}))
