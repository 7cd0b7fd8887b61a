"""Incidents: what went wrong, how bad it is, who has it, and all that was done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse

from incidents import notices
from portal.accounts.models import Team
from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.problems import Refused
from portal.search import index
from runbooks.models import Version

from .alerted import Alerted
from .amendments import Amendments
from .choices import OPEN, OVER, ClockKind, EntryKind, IncidentSource, IncidentState, Role
from .clocks import Clock
from .escalations import Escalation
from .incident_queries import IncidentQuerySet
from .joined import AffectedService
from .lifecycle import NO_PLAN, Lifecycle
from .participants import Participant
from .policies import EscalationPolicy
from .rules import IncidentRule
from .severities import Severity, is_major, name_of
from .teamwork import Teamwork

LONGEST_TITLE = 200


class Incidents(IncidentQuerySet):
    def declare(self, *, request_key: str = "", **given: Any) -> Any:
        """Open an incident: freeze what it goes by, start its clocks, call people.

        With a `request_key` that an incident has already, that one is returned: it was declared
        twice. For what else is given see `_declare`. Raises ValidationError.
        """
        if not request_key:
            return self._declare(request_key="", **given)
        if known := self.filter(request_key=request_key).first():
            return known
        try:
            return self._declare(request_key=request_key, **given)
        except (IntegrityError, ValidationError):
            if known := self.filter(request_key=request_key).first():
                return known  # of two at once, the other one came first
            raise

    @transaction.atomic
    def _declare(
        self,
        *,
        title: str,
        severity: Severity,
        by,
        at: datetime | None = None,
        services: Iterable = (),
        policy: EscalationPolicy | None = None,
        runbook=None,
        source: str = IncidentSource.PERSON,
        request_key: str,
        **fields: Any,
    ) -> Any:
        """`fields`: description, group_key, rule, resolves, is_drill, is_restricted.

        Who declares is its commander until somebody takes it.
        """
        at, services = at or clock.now(), list(dict.fromkeys(services))
        policy = policy or EscalationPolicy.objects.for_services(services)
        policy = policy or EscalationPolicy.objects.catch_all()
        incident: Any = self.model(
            title=title.strip(),
            level=severity.level,
            terms=severity.terms(),
            plan=policy.plan() if policy else [],
            policy=policy,
            owner=_owner(services, policy),
            runbook_version=runbook.published if runbook else None,
            source=source,
            request_key=request_key or None,
            declared_at=at,
            declared_by=by,
            active_at=at,
            **fields,
        )
        incident.full_clean()
        incident.save(force_insert=True)
        incident._open(services, by=by, at=at)
        return incident


def _owner(services: list, policy: EscalationPolicy | None) -> Team | None:
    owner = next((each.owner for each in services if each.owner_id), None)
    return owner or (policy.team if policy else None)


class Incident(Lifecycle, Amendments, Teamwork, Alerted):
    """Something that goes wrong and that somebody has to answer to, from opening to review."""

    number = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=LONGEST_TITLE)
    description = models.TextField(max_length=10_000, blank=True)
    level = models.PositiveSmallIntegerField(help_text="1 is the worst, 5 the mildest.")
    state = models.CharField(
        max_length=16, choices=IncidentState, default=IncidentState.INVESTIGATING
    )
    source = models.CharField(max_length=8, choices=IncidentSource, default=IncidentSource.PERSON)
    is_drill = models.BooleanField(default=False, help_text="Does not count in the figures.")
    is_restricted = models.BooleanField(
        default=False, help_text="Only who takes part, and who has the right, may see it."
    )
    # What it was opened with
    terms = models.JSONField(default=dict, editable=False, help_text="Of its severity.")
    plan = models.JSONField(default=list, editable=False, help_text="Who is called, in order.")
    policy = models.ForeignKey(
        EscalationPolicy, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )
    runbook_version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    group_key = models.CharField(
        max_length=64, blank=True, default="", editable=False, help_text="Whose alerts join it."
    )
    rule = models.ForeignKey(
        IncidentRule,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="incidents",
        editable=False,
        help_text="The rule that opened it.",
    )
    resolves = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Resolved when all of its alerts are over.",
    )
    request_key = models.CharField(max_length=64, null=True, unique=True, editable=False)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    active_at = models.DateTimeField(help_text="When somebody did something last.")
    idle_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When people are called again."
    )
    mitigated_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(max_length=10_000, blank=True, help_text="How it ended.")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    services = models.ManyToManyField(
        "architecture.Service", through=AffectedService, related_name="incidents"
    )
    revision = models.PositiveIntegerField(default=0)

    objects = Incidents.as_manager()

    class Meta:
        ordering = ["-declared_at", "-number"]
        default_permissions = ("add", "change", "view")
        permissions = [
            ("view_restricted_incident", "Can see restricted incidents"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=5), name="incident_level_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, resolved_at=None, closed_at=None)
                | Q(state=IncidentState.RESOLVED, resolved_at__isnull=False, closed_at=None)
                | Q(
                    state=IncidentState.CLOSED,
                    resolved_at__isnull=False,
                    closed_at__isnull=False,
                ),
                name="incident_times_of_its_state",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=False) | Q(idle_at=None),
                name="incident_idle_when_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | (Q(state=IncidentState.CLOSED) & ~Q(merged_into=F("number"))),
                name="incident_closed_when_merged",
            ),
            # also what of_group() reads
            models.UniqueConstraint(
                fields=["group_key"],
                condition=Q(state__in=OPEN) & ~Q(group_key=""),
                name="one_open_incident_of_a_group",
            ),
        ]
        indexes = [
            # lists, the newest first: all, those of a severity
            models.Index(fields=["-declared_at", "-number"], name="incident_newest"),
            models.Index(fields=["level", "-declared_at", "-number"], name="incident_by_level"),
            # open(), the worst first: the line of an open SEV1 or SEV2 on every page
            models.Index(
                fields=["level", "-declared_at", "-number"],
                condition=Q(resolved_at=None),
                name="incident_open",
            ),
            # open(), the newest first: the lists of what is open
            models.Index(
                fields=["-declared_at", "-number"],
                condition=Q(resolved_at=None),
                name="incident_open_newest",
            ),
            # what the index of the search lacks, for words above a list
            models.Index(
                fields=["-declared_at"],
                condition=Q(is_restricted=True),
                name="incident_restricted",
            ),
            # the newest of a group: that its alerts join, and that another one is related to
            models.Index(
                fields=["group_key", "-declared_at"],
                condition=~Q(group_key=""),
                name="incident_of_group",
            ),
            # what each rule opened lately
            models.Index(fields=["rule", "-declared_at"], name="incident_of_rule"),
            # idle()
            models.Index(
                fields=["idle_at"], condition=Q(idle_at__isnull=False), name="incident_idle"
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.title}"

    def get_absolute_url(self):
        return reverse("incidents:incident", args=[self.pk])

    @property
    def name(self) -> str:
        return f"INC-{self.pk}"

    @property
    def severity_name(self) -> str:
        return name_of(self.level)

    @property
    def etag(self) -> str:
        return f'"i{self.pk}-{self.revision}"'

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_major(self) -> bool:
        """Whether it is one line on every page while it is open."""
        return is_major(self.level)

    @property
    def is_ticket(self) -> bool:
        """Nobody is called for it."""
        return not self.terms.get("calls", True)

    @property
    def is_judged(self) -> bool:
        """Whether a person said how bad it is; then alerts do not change it."""
        said = self.entries.of_kinds(EntryKind.SEVERITY).exclude(by_name="")
        return self.declared_by_id is not None or said.exists()

    def is_visible_to(self, user) -> bool:
        return type(self)._default_manager.visible(user).filter(pk=self.pk).exists()

    def lasted(self, at: datetime):
        """From its opening to its resolution, or until now."""
        return max((self.resolved_at or at) - self.declared_at, at - at)

    def clean(self):
        if not self.title:
            raise Refused("Say what is wrong, in a few words.", pointer="/title")
        refuse_signs(self, only=("title", "description"))

    def _open(self, services: list, *, by, at: datetime) -> None:
        rows = [AffectedService(incident=self, service=each, added_at=at) for each in services]
        AffectedService.objects.bulk_create(rows)
        about = {"to": self.level}
        self._add(EntryKind.DECLARED, self._declared(services), by=by, at=at, about=about)
        if by:
            self._give(Role.COMMANDER, by, at=at)
            Participant.objects.join(self, [by], at=at)
        kinds = (ClockKind.NOTICE, ClockKind.UPDATE)
        for kind in kinds if self.is_ticket else (ClockKind.ACKNOWLEDGE, *kinds):
            Clock.objects.start(self, kind, at=at)
        record(self, "start", by=by)
        index.put(self)
        if not self.is_ticket and not Escalation.objects.start(self, self.plan, at=at):
            self._add(EntryKind.NOBODY_ANSWERED, NO_PLAN, at=at)
            notices.nobody_to_call(self)

    def _declared(self, services: list) -> str:
        names = ", ".join(map(str, services))
        return f"{self.severity_name}: {self.title}" + (f" ({names})" if names else "")
