"""What people were told of an incident: written, approved, sent, and kept as it was."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from incidents.communication import variables
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Refused

from .approval import Approval
from .choices import Role
from .communication_choices import (
    PUBLIC,
    UNSENT,
    WHILE_OPEN,
    AudienceName,
    CommunicationState,
    Moment,
)
from .communication_templates import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    CommunicationTemplate,
    refuse_variables,
    require_text,
    text_for,
)
from .communication_values import known_values
from .incidents import Incident
from .participants import Assignment

KEY = "incidents-communication-"  # of deliveries, before the key of a row
WRITTEN_TEXTS = ("subject", "internal_text", "public_text")


class CommunicationQuerySet(models.QuerySet):
    def sent(self):
        return self.filter(state=CommunicationState.SENT)

    def unsent(self):
        return self.filter(state__in=UNSENT)

    def waiting(self):
        return self.filter(state=CommunicationState.WAITING)

    def to_approve_by(self, person):
        """What waits for one who works on incidents; as `may_approve` says for each."""
        seen = Incident.objects.visible(person)
        commanders = Assignment.objects.filter(
            incident=OuterRef("incident"),
            role=Role.COMMANDER,
            until=None,
            person__isnull=False,
        )
        theirs = Exists(commanders.filter(person=person))
        free = ~Exists(commanders) & ~Q(author=person)
        return self.waiting().filter(theirs | free, incident__in=seen.order_by())

    def public(self):
        """What the status page shows: sent to customers, of incidents that are not restricted."""
        real = Q(incident__is_restricted=False, incident__is_drill=False)
        return self.sent().filter(real, audience=AudienceName.CUSTOMERS).exclude(public_text="")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def moment_for(self, incident, audience: str) -> str:
        """What is to be told next: a first notice if there was none; the end once it is over."""
        told = set(self.sent().filter(incident=incident, audience=audience).values_list("moment"))
        if incident.is_open:
            return Moment.UPDATE if (Moment.NOTICE,) in told else Moment.NOTICE
        return Moment.REPORT if (Moment.RESOLUTION,) in told else Moment.RESOLUTION

    def awaiting(self, incident) -> list[str]:
        """The audiences that heard of it last while it was open: they wait for what follows.

        Those outside come first.
        """
        told = self.sent().filter(incident=incident).order_by("sent_at", "pk")
        newest = dict(told.values_list("audience", "moment"))
        waits = [each for each in audiences_of(incident) if newest.get(each) in WHILE_OPEN]
        return sorted(waits, key=lambda each: each not in PUBLIC)

    @transaction.atomic
    def draft(
        self,
        incident,
        *,
        audience: str,
        moment: str,
        by,
        at: datetime,
        template: CommunicationTemplate | None = None,
        values: dict[str, str] | None = None,
        request_key: str = "",
        **texts: str,
    ) -> "Communication":
        """Write one; what is not given comes from the template. Sent twice, it is the known one.

        Raises Refused or ValidationError.
        """
        known: Any = self.filter(request_key=request_key).first() if request_key else None
        if known:
            if known.incident_id != incident.pk or known.author_id != by.pk:
                raise Refused("This request was sent for something else.", pointer="/request_key")
            return known
        if template and (template.audience, template.moment) != (audience, moment):
            said = f"It is the template of: {template}. Choose one of this audience and moment."
            raise Refused(said, pointer="/template")
        row: Any = self.model(
            incident=incident,
            audience=audience,
            moment=moment,
            template=template,
            template_revision=template.revision if template else None,
            author=by,
            created_at=at,
            request_key=request_key or None,
        )
        row.write(texts, values or {})
        row.save(force_insert=True)
        return row


class Communication(Approval, Versioned):
    """One message about an incident to one audience."""

    READ_AGAIN = None  # a verb goes by all of it

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="communications"
    )
    audience = models.CharField(max_length=12, choices=AudienceName)
    moment = models.CharField(max_length=12, choices=Moment)
    template = models.ForeignKey(
        CommunicationTemplate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    template_revision = models.PositiveIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    internal_text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    public_text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    values = models.JSONField(default=dict, blank=True, help_text="What the author typed.")
    state = models.CharField(
        max_length=10, choices=CommunicationState, default=CommunicationState.DRAFT
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True, help_text="Why it was sent back.")
    sent_at = models.DateTimeField(null=True, blank=True)
    recipients = models.JSONField(default=dict, blank=True, editable=False)
    request_key = models.CharField(max_length=64, null=True, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=0)

    objects = CommunicationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CommunicationState.SENT, sent_at__isnull=False)
                | (~Q(state=CommunicationState.SENT) & Q(sent_at=None)),
                name="communication_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=CommunicationState.WAITING) | Q(submitted_at__isnull=False),
                name="communication_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | Q(decided_at__isnull=False),
                name="communication_approved_at",
            ),
        ]
        indexes = [
            # what was written for an incident
            models.Index(fields=["incident", "-created_at"], name="communication_of_incident"),
            # waiting(): what has to be approved
            models.Index(
                fields=["submitted_at"],
                condition=Q(state=CommunicationState.WAITING),
                name="communication_waiting",
            ),
            # public(), the newest first
            models.Index(
                fields=["-sent_at"],
                condition=Q(state=CommunicationState.SENT, audience=AudienceName.CUSTOMERS),
                name="communication_public",
            ),
        ]

    def __str__(self):
        return f"{self.get_moment_display()} to {self.get_audience_display().lower()}"

    def get_absolute_url(self):
        return reverse("incidents:communication", args=[self.incident_id, self.pk])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    @property
    def key(self) -> str:
        """Of its deliveries."""
        return f"{KEY}{self.pk}"

    @property
    def is_public(self) -> bool:
        """Whether its audience gets the public text."""
        return self.audience in PUBLIC

    @property
    def text(self) -> str:
        """What its audience gets."""
        return getattr(self, text_for(self.audience))

    @property
    def needs_approval(self) -> bool:
        others = self.audience != AudienceName.RESPONDERS
        return bool(self.incident.terms.get("needs_approval") and others)

    def clean(self):
        refuse_signs(self, only=WRITTEN_TEXTS)
        refuse_variables(self)
        require_text(self)

    def write(self, texts: dict[str, str], values: dict[str, str]) -> None:
        """Take these texts and values; nothing is saved. Raises Refused or ValidationError."""
        for name in WRITTEN_TEXTS:
            stands = getattr(self, name) or getattr(self.template, name, "")
            written = texts.get(name, stands)
            setattr(self, name, written.strip().replace("\r\n", "\n"))
        self.values = variables.checked_values(values)
        self.require_allowed()
        self.full_clean(exclude=["incident", "template", "author", "approver"])

    def require_allowed(self) -> None:
        """Raise Refused where the incident does not allow to tell this audience now."""
        self.require_audience()
        incident = self.incident
        if incident.is_over == (self.moment in WHILE_OPEN):
            detail = f"{incident.name} is over: send the resolution, or the report."
            if incident.is_open:
                detail = f"{incident.name} is open: resolve it before you say so."
            raise Refused(detail, pointer="/moment")

    def require_audience(self) -> None:
        """Raise Refused where the incident may not be told to this audience."""
        if self.audience not in audiences_of(self.incident):
            said = _not_told(self.incident, self.get_audience_display().lower())
            raise Refused(said, pointer="/audience")

    def known(self, at: datetime) -> dict[str, str]:
        """What the incident says for the texts of its audience."""
        return known_values(self.incident, for_public=self.is_public, at=at)

    def all_values(self, at: datetime, *, for_public: bool) -> dict[str, str]:
        """What the author typed, over what the incident says."""
        return known_values(self.incident, for_public=for_public, at=at) | self.values

    def missing(self, at: datetime) -> list[str]:
        """The variables that have no value yet."""
        own = variables.missing(self.all_values(at, for_public=self.is_public), self.subject)
        internal = variables.missing(self.all_values(at, for_public=False), self.internal_text)
        public = variables.missing(self.all_values(at, for_public=True), self.public_text)
        return list(dict.fromkeys([*own, *internal, *public]))

    def final(self, at: datetime) -> dict[str, str]:
        """Subject and both texts as they would be sent at this time, or as they were."""
        if self.state == CommunicationState.SENT:
            return {name: getattr(self, name) for name in WRITTEN_TEXTS}
        public = self.all_values(at, for_public=True)
        internal = self.all_values(at, for_public=False)
        own = public if self.is_public else internal
        subject = " ".join(variables.filled(self.subject, own).split())  # values may have lines
        return {
            "subject": subject[:LONGEST_SUBJECT],
            "internal_text": variables.filled(self.internal_text, internal),
            "public_text": variables.filled(self.public_text, public),
        }

    @transaction.atomic
    def revise(
        self, texts: dict[str, str], values: dict[str, str], *, by, based_on: int | None = None
    ) -> None:
        """Write it anew before it is sent. Raises Stale, WrongState, Refused, ValidationError."""
        self.take_turn()
        self.require_editable()
        self.claim(based_on, yours=texts)
        self.write(texts, values)
        self.author = by
        self.save(update_fields=[*WRITTEN_TEXTS, "values", "author"])


def audiences_of(incident) -> list[str]:
    """Whom its severity lets people tell; of what is restricted, and in a drill, fewer."""
    allowed = [each for each in AudienceName.values if each in incident.terms.get("audiences", ())]
    if incident.is_restricted:
        return [each for each in allowed if each == AudienceName.RESPONDERS]
    return [each for each in allowed if not (incident.is_drill and each in PUBLIC)]


def _not_told(incident, audience: str) -> str:
    if incident.is_restricted:
        return "A restricted incident is told to responders only."
    if incident.is_drill:
        return f"In a drill, {audience} are not told."
    return f"{incident.severity_name} is not told to {audience}. Raise the severity if it is worse."


def tag_of(pk: int, revision: int) -> str:
    return f'"cm{pk}-{revision}"'
