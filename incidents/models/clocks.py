"""What is due in an incident, by when, and whether it was met."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from .calendars import WorkingCalendar
from .choices import ClockKind, ClockState

REMINDED = 5  # of the time a fifth is left when people are reminded
LAST_DAY = timedelta(days=1)  # of what is due in days, a day before


def due_of(kind: str, terms: Mapping[str, Any], *, opened: datetime, start: datetime):
    """When a clock that starts then is due by these terms of a severity; None: never."""
    if kind == ClockKind.REVIEW:
        return _day(terms["review_days"], terms["review_in_business_days"], start)
    if kind == ClockKind.ACTIONS:
        return _day(terms["action_days"], terms["actions_in_business_days"], start)
    minutes = terms[_column_of(kind, terms, start - opened)]
    return start + timedelta(minutes=minutes) if minutes else None


def _column_of(kind: str, terms: Mapping[str, Any], lasted: timedelta) -> str:
    if kind != ClockKind.UPDATE:
        return f"{kind}_minutes"
    slow = terms["slow_after_minutes"]
    is_slow = slow is not None and lasted >= timedelta(minutes=slow)
    return "slow_update_minutes" if is_slow else "update_minutes"


def _day(days: int | None, in_business_days: bool, start: datetime) -> datetime | None:
    if days is None:
        return None
    if in_business_days:
        return WorkingCalendar.objects.current().after(start, days)
    return start + timedelta(days=days)


class ClockQuerySet(models.QuerySet):
    def running(self):
        return self.filter(met_at=None, stopped_at=None)

    def to_remind(self, at: datetime):
        """Due soon, and nobody was reminded."""
        return self.running().filter(reminded_at=None, remind_at__lte=at)

    def to_miss(self, at: datetime):
        """Past due, and nobody was told."""
        return self.running().filter(missed_at=None, due_at__lte=at)

    def start(self, incident, kind: str, *, at: datetime) -> Any:
        """Start a clock by the terms of the incident; None where its severity has none.

        One of the kind that runs is stopped.
        """
        self.filter(incident=incident, kind=kind).running().update(stopped_at=at)
        due_at = due_of(kind, incident.terms, opened=incident.declared_at, start=at)
        if due_at is None:
            return None
        length = due_at - at
        ahead = min(length / REMINDED, LAST_DAY)
        times = {"started_at": at, "due_at": due_at, "remind_at": due_at - ahead}
        return self.create(incident=incident, kind=kind, **times)

    def meet(self, incident, kind: str, *, at: datetime) -> int:
        """Whatever was due of this kind is done; how many clocks ran."""
        return self.filter(incident=incident, kind=kind).running().update(met_at=at)

    def stop(self, incident, *kinds: str, at: datetime) -> int:
        """Nothing of these kinds is due any more."""
        return self.filter(incident=incident, kind__in=kinds).running().update(stopped_at=at)


class Clock(models.Model):
    """One thing that is due in an incident; it is kept whether it was met."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="clocks"
    )
    kind = models.CharField(max_length=12, choices=ClockKind)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True, help_text="When people were told.")
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was not due any more, or another took its place."
    )

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        default_permissions = ()
        constraints = [
            # also what start(), meet() and stop() read
            models.UniqueConstraint(
                fields=["incident", "kind"],
                condition=Q(met_at=None, stopped_at=None),
                name="clock_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(stopped_at=None), name="clock_met_or_stopped"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("started_at")), name="clock_due_after_it_starts"
            ),
        ]
        indexes = [
            # to_remind()
            models.Index(
                fields=["remind_at"],
                condition=Q(met_at=None, stopped_at=None, reminded_at=None),
                name="clock_to_remind",
            ),
            # to_miss()
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, stopped_at=None, missed_at=None),
                name="clock_to_miss",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def length(self) -> timedelta:
        return self.due_at - self.started_at

    @property
    def runs(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    def state(self, at: datetime) -> ClockState:
        if self.met_at:
            return ClockState.MET if self.met_at <= self.due_at else ClockState.MISSED
        if self.stopped_at:
            return ClockState.MISSED if self.stopped_at > self.due_at else ClockState.STOPPED
        if at > self.due_at:
            return ClockState.LATE
        return ClockState.DUE_SOON if at >= self.remind_at else ClockState.RUNNING

    def note_once(self, column: str, at: datetime) -> bool:
        """Note that people were reminded, or told that it is missed; False: somebody did."""
        mine = Clock.objects.running().filter(pk=self.pk, **{column: None})
        return bool(mine.update(**{column: at}))
