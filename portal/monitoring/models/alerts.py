from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.data.signs import refusal_of
from portal.core.problems import Conflict, Refused
from runbooks.models import Runbook

from . import episodes
from .alert_queries import AlertQuerySet
from .choices import AlertState, MutedBy
from .intakes import Intake

SUMMARIES = ("summary", "message", "description")
LONGEST_NAME, LONGEST_FINGERPRINT, LONGEST_URL = 200, 255, 2000
LONGEST_NOTE = 1000


class AlreadyAcknowledged(Conflict):
    """Somebody has it in hand already."""

    code, title = "acknowledged", "Acknowledged already"


class NotFiring(Conflict):
    """It ended meanwhile."""

    code, title = "not-firing", "Not firing any more"


class Alert(models.Model):
    """One episode of one alert: from when it fires until nobody reports it any more."""

    intake = models.ForeignKey(
        Intake, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts"
    )
    source = models.CharField(max_length=60, help_text="Whose fingerprints these are.")
    fingerprint = models.CharField(max_length=LONGEST_FINGERPRINT)
    name = models.CharField(max_length=LONGEST_NAME)
    state = models.CharField(max_length=10, choices=AlertState)
    severity = models.CharField(max_length=60, blank=True, help_text="As the tool says it.")
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    first_received_at = models.DateTimeField()
    received_at = models.DateTimeField(help_text="When something about it came last.")
    deliveries = models.PositiveIntegerField(default=1, help_text="How often it came.")
    spans = models.JSONField(default=list, editable=False)  # see episodes.py
    newest_at = models.DateTimeField(editable=False)  # the latest of all times in `spans`
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who hears of it; without one the owner of the service.",
    )
    generator_url = models.CharField(max_length=LONGEST_URL, blank=True)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="incoming_alerts"
    )
    service_by = models.CharField(max_length=200, blank=True, help_text="What named the service.")
    runbook = models.ForeignKey(
        Runbook, null=True, blank=True, on_delete=models.SET_NULL, related_name="incoming_alerts"
    )
    runbook_by = models.CharField(max_length=200, blank=True, help_text="What named the runbook.")
    runbook_url = models.CharField(max_length=LONGEST_URL, blank=True, help_text="Outside of here.")
    told = models.JSONField(default=list, editable=False)  # the keys of the messages about it
    muted_by = models.CharField(  # says what its open Muting says; kept by portal.monitoring.muting
        max_length=12, blank=True, default="", db_default="", choices=MutedBy, editable=False
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Nobody: it was acknowledged in the tool.",
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_note = models.CharField(max_length=LONGEST_NOTE, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("acknowledge_alert", "Can acknowledge an alert"),
            ("rate_alert", "Can rate an alert as useful or noise"),
            ("resolve_alert", "Can resolve an alert by hand"),
        ]
        constraints = [
            # also what take() reads: the one that fires
            models.UniqueConstraint(
                fields=["source", "fingerprint"],
                condition=Q(state=AlertState.FIRING),
                name="alert_fires_once",
            ),
            models.CheckConstraint(
                condition=Q(state=AlertState.FIRING, ends_at__isnull=True)
                | Q(state=AlertState.RESOLVED, ends_at__isnull=False),
                name="alert_ends_when_resolved",
            ),
        ]
        indexes = [
            # touched(), episodes_of()
            models.Index(fields=["source", "fingerprint", "newest_at"], name="alert_of_source"),
            # lists, the newest first: all, those of a name, a service, an intake
            models.Index(fields=["-starts_at", "-id"], name="alert_newest"),
            models.Index(fields=["name", "-starts_at", "-id"], name="alert_named"),
            models.Index(fields=["service", "-starts_at", "-id"], name="alert_of_service"),
            models.Index(fields=["intake", "-starts_at", "-id"], name="alert_of_intake"),
            # firing(), and how many there are on every page
            models.Index(
                fields=["muted_by", "acknowledged_at", "-starts_at", "-id"],
                condition=Q(state=AlertState.FIRING),
                name="alert_firing",
            ),
            # resolved_since(), outlived()
            models.Index(
                fields=["ends_at"], condition=Q(state=AlertState.RESOLVED), name="alert_resolved"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("monitoring:alert", args=[self.pk])

    @property
    def is_firing(self) -> bool:
        return self.state == AlertState.FIRING

    @property
    def summary(self) -> str:
        """What it says in one line."""
        texts = (str(self.annotations.get(name, "")).strip() for name in SUMMARIES)
        return next(filter(None, texts), "")

    def lasted(self, at: datetime) -> timedelta:
        """For how long it fires, or fired."""
        return max((self.ends_at or at) - self.starts_at, timedelta())

    @transaction.atomic
    def acknowledge(self, *, by, at: datetime | None = None) -> None:
        """Say that somebody has it in hand. Compare-and-set: of two people one is told so."""
        free = Alert.objects.firing().filter(pk=self.pk, acknowledged_at=None)
        at = at or clock.now()
        if not free.update(acknowledged_at=at, acknowledged_by=by):
            self.refresh_from_db()
            if not self.is_firing:
                raise NotFiring(f"{self} ended meanwhile: there is nothing to acknowledge.")
            who = self.acknowledged_by or "Somebody, in the tool that sent it,"
            raise AlreadyAcknowledged(f"{who} has acknowledged {self} already.")
        self.acknowledged_at, self.acknowledged_by = at, by
        record(self, "acknowledge", by=by)

    @transaction.atomic
    def rate(self, *, by, useful: bool, at: datetime | None = None):
        """Say whether it was useful, or noise; the last word of each person counts."""
        said = {"is_useful": useful, "at": at or clock.now()}
        rating, _ = self.ratings.update_or_create(person=by, defaults=said)
        record(self, "rate", by=by, useful=("", useful))
        return rating

    @transaction.atomic
    def resolve(self, *, by, note: str, at: datetime | None = None) -> None:
        """End it by hand, and say why. What its tool repeats of this episode changes nothing then;
        only a new start opens a new one.
        """
        if not note.strip():
            raise Refused("Say why it is over.", pointer="/note")
        if refusal := refusal_of(note, is_text=True):
            raise Refused(refusal, pointer="/note")
        at = at or clock.now()
        locked = Alert.objects.select_for_update().firing().filter(pk=self.pk).first()
        if locked is None:
            raise NotFiring(f"{self} ended meanwhile.")
        spans = {
            start: {*ends, max(at, start)} for start, ends in episodes.read(locked.spans).items()
        }
        newest = max(at, *spans)
        ended = {
            "state": AlertState.RESOLVED,
            "ends_at": newest,
            "newest_at": max(newest, locked.newest_at),
            "spans": episodes.written(spans),
            "resolved_by": by,
            "resolved_note": note.strip()[:LONGEST_NOTE],
        }
        if not Alert.objects.firing().filter(pk=self.pk).update(**ended):
            raise NotFiring(f"{self} ended meanwhile.")
        for name, value in ended.items():
            setattr(self, name, value)
        record(self, "resolve", by=by, state=(AlertState.FIRING, AlertState.RESOLVED))
