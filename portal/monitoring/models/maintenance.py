"""Maintenance windows: planned work on services, once or again and again."""

from collections.abc import Iterable, Iterator, Mapping
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
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Refused
from portal.search import index

from .schedule import starts, validate_cron, validate_zone
from .windows import Window, WindowOver

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=7)
FARTHEST = timedelta(days=366)  # ahead that a window may begin
AHEAD = timedelta(days=60)  # for which recurring windows are planned
AT_ONCE = 200
LATEST = timedelta(days=1)  # back that one may have begun


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
        for objection in objections(row, services, at):
            raise objection
        row.full_clean()
        row.save()
        row.services.set(services)
        if not row.extend(at):
            _refuse_without_window(row)
        record(row, "start", by=by)
        index.put(row)
        return row


def objections(
    row, services: list[Service] | None, at: datetime, *, is_moved: bool = True
) -> Iterator[Refused]:
    """All that speaks against a plan; what is None is not known yet and not looked at.

    `is_moved`: that its beginning is new.
    """
    begins, lasts = row.starts_at, row.duration
    if begins and is_moved and not at - LATEST <= begins <= at + FARTHEST:
        yield Refused("It begins today, or within a year.", pointer="/starts_at")
    elif begins and lasts and not row.cron and begins + lasts <= at:
        yield Refused("This window would be over already.", pointer="/starts_at")
    if lasts is not None and not SHORTEST <= lasts <= LONGEST:
        yield Refused("A window lasts 5 minutes to 7 days.", pointer="/duration")
    if row.until and not row.cron:
        yield Refused("Only what recurs has an end.", pointer="/until")
    if services is not None and bool(services) == row.is_for_all:
        yield Refused("Name its services, or say that it is for all.", pointer="/services")


def _refuse_without_window(row) -> None:
    detail = "It makes no window: change when it recurs, or until when."
    raise Refused(detail, pointer="/until" if row.until else "/cron")


class Maintenance(Versioned):
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
    revision = models.PositiveIntegerField(default=0, db_default=0)

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "maintenance"
        ordering = ["-created_at", "-pk"]
        default_permissions = ("add", "change", "view")  # cancelled, never deleted

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("monitoring:maintenance-plan", args=[self.pk])

    def clean(self):
        refuse_signs(self, texts=("note",))

    def begins(self, at: datetime) -> list[datetime]:
        """When its windows begin that are not over, as far ahead as they are planned."""
        if not self.cron:
            return [self.starts_at]
        since = max(self.starts_at, at - self.duration) - timedelta(seconds=1)
        last = min(filter(None, [self.until, max(at, self.starts_at) + AHEAD]))
        found = takewhile(lambda each: each <= last, starts(self.cron, self.zone, since))
        return [each for each, _ in zip(found, range(AT_ONCE), strict=False)]

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    # Verbs

    @transaction.atomic
    def extend(self, at: datetime) -> int:
        """Make the windows that do not exist yet; any number of engines may. Returns how many.

        None once it is cancelled, also if that happens at the same moment.
        """
        if not self._missing(at) or not self._is_going_on():
            return 0
        new = self._missing(at)  # as it is planned now: it may have been changed meanwhile
        Window.objects.bulk_create(new, ignore_conflicts=True)
        return len(new)

    def _missing(self, at: datetime) -> list[Window]:
        known = set(self.windows.values_list("starts_at", flat=True))
        return [
            Window(maintenance=self, starts_at=each, ends_at=each + self.duration)
            for each in self.begins(at)
            if each not in known and each + self.duration > at
        ]

    def _is_going_on(self) -> bool:
        """Whether it is not cancelled, nor will be before the caller's transaction ends."""
        rows = Maintenance.objects.select_for_update().filter(pk=self.pk, cancelled_at=None)
        if rows.first() is None:
            return False
        self.refresh_from_db()
        return True

    @transaction.atomic
    def change(
        self,
        changes: Mapping[str, Any],
        *,
        by,
        at: datetime | None = None,
        based_on: int | None = None,
    ) -> Window | None:
        """Change what is planned: title, note, services, is_for_all and times, as in `plan`.

        What was announced stays true: windows that have started keep their beginning, and while one
        runs the services stay. Returns that one if it ends at another time, so that it is told.
        Raises WindowOver, Stale, Refused or ValidationError.
        """
        at, changes = at or clock.now(), dict(changes)
        if self._is_planned_so(changes, based_on) and self.windows.current(at).exists():
            return None
        self.claim(based_on)
        self.refresh_from_db()
        running = self.windows.active(at).first()
        if not self.windows.current(at).exists():
            raise WindowOver("All its windows are over: plan it anew.")
        before = {name: getattr(self, name) for name in self._about()}
        services = changes.pop("services", None)
        for name, value in changes.items():
            setattr(self, name, value.strip() if name == "title" else value)
        self._require(before, services, running, at)
        self.save(update_fields=[*before])
        if services is not None:
            self.services.set(services)
        is_moved = self._reschedule(at, running)
        changed = {name: (old, getattr(self, name)) for name, old in before.items()}
        record(
            self, "change", by=by, **{n: pair for n, pair in changed.items() if len({*pair}) > 1}
        )
        index.put(self)
        return running if is_moved else None

    def _is_planned_so(self, changes: Mapping[str, Any], based_on: int | None) -> bool:
        about = {name: value for name, value in changes.items() if name != "services"}
        services = changes.get("services")
        stays = services is None or {*services} == {*self.services.all()}
        return stays and self.stands(about, based_on=based_on)

    @staticmethod
    def _about() -> tuple[str, ...]:
        return ("title", "note", "is_for_all", "starts_at", "duration", "cron", "zone", "until")

    def _require(self, before: dict, services, running: Window | None, at: datetime) -> None:
        now = {*self.services.all()}
        wanted = now if services is None else {*services}
        if running and (wanted != now or self.is_for_all != before["is_for_all"]):
            detail = "A window runs: its services stay until it is over. End it, or cancel it."
            raise Refused(detail, pointer="/services")
        is_moved = self.starts_at != before["starts_at"]
        if is_moved and running and not self.cron:
            raise Refused("It has started: that stays.", pointer="/starts_at")
        for objection in objections(self, [*wanted], at, is_moved=is_moved):
            raise objection
        self.full_clean(exclude=["planned_by"])

    def _reschedule(self, at: datetime, running: Window | None) -> bool:
        """Windows as it is planned now; whether the running one ends at another time.

        Those that were cancelled stay so.
        """
        wanted = set(self.begins(at))
        is_moved = running is not None and running.move_end(self.duration, at=at)
        coming = self.windows.upcoming(at)
        coming.exclude(starts_at__in=wanted).delete()
        coming.update(ends_at=F("starts_at") + self.duration)
        self.extend(at)
        if not self.windows.current(at).exists():
            _refuse_without_window(self)
        return is_moved

    @transaction.atomic
    def cancel(self, *, by, at: datetime | None = None) -> None:
        """Cancel what is planned, and end what runs. Raises WindowOver."""
        at = at or clock.now()
        if not self.windows.current(at).exists():
            raise WindowOver("All its windows are over.")
        rows = Maintenance.objects.filter(pk=self.pk, cancelled_at=None)
        if not rows.update(cancelled_at=at, revision=F("revision") + 1):
            raise WindowOver("It is cancelled already.")
        left = self.windows.filter(cancelled_at=None, ends_at__gt=at)
        left.filter(starts_at__lte=at).update(ends_at=at, ended_by=by)
        left.filter(starts_at__gt=at).update(cancelled_at=at, ended_by=by)
        self.refresh_from_db(fields=["cancelled_at", "revision"])
        record(self, "cancel", by=by)
        index.put(self)


def tag_of(pk: int, revision: int) -> str:
    return f'"m{pk}-{revision}"'
