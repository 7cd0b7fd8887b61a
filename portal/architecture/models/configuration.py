from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Cast, Least
from django.utils import timezone

from portal.core.data.signs import refuse_signs

from .service import Service

ROTATION_SOON = timedelta(days=14)  # from when on pages warn
LONGEST = 1_000_000  # days; neither database counts beyond the year 9999
AT, COUNT = models.DateTimeField(), models.IntegerField()


def _due():
    days = Least("rotation_days", Value(LONGEST), output_field=COUNT) * Value(timedelta(days=1))
    return F("rotated_on") + ExpressionWrapper(days, models.DurationField())


class ConfigurationItemQuerySet(models.QuerySet):
    def rotated(self):
        """Those that have to be changed again and again."""
        return self.filter(rotation_days__isnull=False)

    def overdue(self, *, on: date):
        """Those whose rotation is past, and those never rotated that should be."""
        due = ExpressionWrapper(_due(), output_field=AT)
        rows = self.rotated().annotate(rotation_end=Cast(due, models.DateField()))
        late = Q(rotation_end__lt=on)
        return rows.filter(Q(rotated_on=None) | late)

    def by_due(self):
        """Never rotated first, then by the day of the next rotation; those without one last."""
        due = _due()
        urgency = Case(When(rotation_days=None, then=2), When(rotated_on=None, then=0), default=1)
        return self.order_by(
            urgency,
            Case(When(rotation_days=None, then=None), default=due, output_field=AT),
            *("service__name", "name", "pk"),
        )


class ConfigurationItem(models.Model):
    """What a service is told from outside; for a secret only where it lives, never its value."""

    class Kind(models.TextChoices):
        VARIABLE = "variable", "Environment variable"
        SECRET = "secret", "Secret"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="configuration")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VARIABLE)
    purpose = models.CharField(max_length=300, blank=True)
    required = models.BooleanField(default=False)
    example = models.CharField(max_length=200, blank=True, help_text="Never for a secret.")
    kept_in = models.CharField(
        "where the secret lives", max_length=200, blank=True, help_text="Such as a path in a vault."
    )
    rotation_days = models.PositiveIntegerField(
        "rotate every … days", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    rotated_on = models.DateField("last rotation", null=True, blank=True)

    objects = ConfigurationItemQuerySet.as_manager()

    class Meta:
        ordering = ["service", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="configuration_once"),
            models.CheckConstraint(
                condition=~Q(kind="secret") | Q(example=""), name="secret_without_example"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def identity(self) -> str:
        """What no other item of the same service may equal."""
        return self.name

    @property
    def rotation_due(self) -> date | None:
        """The day by which it has to be changed; today if it never was and should be."""
        if not self.rotation_days:
            return None
        if self.rotated_on is None:
            return timezone.localdate()
        if self.rotation_days > (date.max - self.rotated_on).days:
            return date.max
        return self.rotated_on + timedelta(days=self.rotation_days)

    def is_overdue(self, *, on: date) -> bool:
        """Whether its rotation is past; a secret never rotated is."""
        due = self.rotation_due
        return due is not None and (self.rotated_on is None or due < on)

    def is_due_soon(self, *, on: date) -> bool:
        """Whether its rotation comes within the days of which pages warn, or is past."""
        due = self.rotation_due
        return due is not None and due - on < ROTATION_SOON

    def clean(self):
        refuse_signs(self)
        if self.rotated_on and self.rotated_on > timezone.localdate() + timedelta(days=1):
            raise ValidationError({"rotated_on": "It is yet to come: say when it was done."})
        if self.kind == self.Kind.SECRET and self.example:
            raise ValidationError({"example": "A secret has no example: say where it lives."})
