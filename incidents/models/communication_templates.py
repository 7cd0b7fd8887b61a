"""What is written beforehand, because nobody writes well at three in the morning."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse

from incidents.communication import variables
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned

from .communication_choices import PUBLIC, AudienceName, Moment

LONGEST_SUBJECT = 150
LONGEST_TEXT = 4000
RESERVED = {"new"}  # addresses of pages beside those of templates


class CommunicationTemplateQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("incidents.view_communicationtemplate") else self.none()

    def usual(self, audience: str, moment: str) -> "CommunicationTemplate | None":
        """The one that the desk offers first."""
        rows: Any = self.filter(audience=audience, moment=moment)
        return rows.order_by("pk").first()

    @transaction.atomic
    def add(self, *, by, **fields: Any) -> "CommunicationTemplate":
        """A new one. Raises ValidationError."""
        row: Any = self.model(**fields)
        row.full_clean()
        row.save(force_insert=True)
        record(row, "start", by=by)
        return row


class CommunicationTemplate(Versioned):
    """What one audience is told at one moment, with places for what differs each time."""

    slug = models.SlugField(max_length=60, unique=True)
    audience = models.CharField(max_length=12, choices=AudienceName)
    moment = models.CharField(max_length=12, choices=Moment)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    internal_text = models.TextField(
        max_length=LONGEST_TEXT, blank=True, help_text="What colleagues read."
    )
    public_text = models.TextField(
        max_length=LONGEST_TEXT,
        blank=True,
        help_text="What customers, partners and the status page get.",
    )
    revision = models.PositiveIntegerField(default=0)

    objects = CommunicationTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["audience", "moment", "slug"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(subject=""), name="communication_template_has_subject"
            ),
        ]
        indexes = [
            # usual()
            models.Index(fields=["audience", "moment"], name="communication_template_for"),
        ]

    def __str__(self):
        return f"{self.get_audience_display()}, {self.get_moment_display().lower()}"

    def get_absolute_url(self):
        return reverse("incidents:communication-template", args=[self.slug])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    def clean(self):
        if self.slug in RESERVED:
            raise ValidationError({"slug": "That address is taken. Choose another name."})
        refuse_signs(self)
        refuse_variables(self)
        require_text(self)

    @transaction.atomic
    def change(self, changes: Mapping[str, Any], *, by, based_on: int | None = None) -> bool:
        """Write it anew. False: nothing differs. Raises Stale or ValidationError."""
        if self.stands(changes, based_on=based_on):
            return False
        self.claim(based_on, yours=changes)
        for name, value in changes.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=[*changes])
        record(self, "change", by=by, revision=(self.revision - 1, self.revision))
        return True


def refuse_variables(row) -> None:
    """Raise ValidationError at each text of a template or communication that has a wrong one."""
    is_public = row.audience in PUBLIC
    found = {
        "subject": variables.refusal_of_names(row.subject, is_public=is_public),
        "internal_text": variables.refusal_of_names(row.internal_text),
        "public_text": variables.refusal_of_names(row.public_text, is_public=True),
    }
    if wrong := {name: text for name, text in found.items() if text}:
        raise ValidationError(wrong)


def require_text(row) -> None:
    """Raise ValidationError without the text that its audience gets."""
    name = text_for(row.audience)
    if not getattr(row, name).strip():
        raise ValidationError({name: f"{row.get_audience_display()} get this text: write it."})


def text_for(audience: str) -> str:
    """Which of both texts an audience gets."""
    return "public_text" if audience in PUBLIC else "internal_text"


def tag_of(pk: int, revision: int) -> str:
    return f'"ct{pk}-{revision}"'
