"""How bad it is, and what follows from it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned

HIGHEST, LOWEST = 1, 5
LONGEST_MINUTES = 7 * 24 * 60
LONGEST_DAYS = 365
AUDIENCES = ("responders", "executives", "customers", "partners")
WHEN_UNSURE = "Unsure: take the higher one. It costs less to go down later."


def minutes(help_text: str, **more: Any) -> Any:
    bounds = [MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]
    return models.PositiveIntegerField(
        null=True, blank=True, validators=bounds, help_text=help_text, **more
    )


def days(help_text: str) -> Any:
    bounds = [MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)]
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=bounds, help_text=help_text
    )


class SeverityQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("incidents.view_severity") else self.none()

    def of(self, level: int) -> Any:
        """The one with this level. Raises Severity.DoesNotExist."""
        return self.get(level=level)


class Severity(Versioned):
    """One of SEV1 to SEV5: what it means, its five clocks, who is called and who may be told."""

    level = models.PositiveSmallIntegerField(
        primary_key=True, validators=[MinValueValidator(HIGHEST), MaxValueValidator(LOWEST)]
    )
    title = models.CharField(max_length=60, help_text="In a word or two.")
    definition = models.TextField(max_length=1000, help_text="When it is this bad.")
    examples = models.TextField(max_length=2000, blank=True, help_text="One on each line.")
    calls = models.BooleanField(
        default=True, help_text="Call people by the escalation policy; if not, it is a ticket only."
    )
    is_urgent = models.BooleanField(
        default=True, help_text="Reach people by all their contact methods, also at night."
    )
    acknowledge_minutes = minutes("Until somebody says that they have it.")
    notice_minutes = minutes("Until those who must know have heard of it.")
    update_minutes = minutes("Between two updates.")
    slow_after_minutes = minutes("After so long, updates may come at the slower pace.")
    slow_update_minutes = minutes("Between two updates of a long incident.")
    idle_minutes = minutes("Acknowledged and nothing happens for so long: people are called again.")
    review_days = days("Until the review is written, from the resolution.")
    review_in_business_days = models.BooleanField(default=False)
    action_days = days("Until the actions of the review are done.")
    actions_in_business_days = models.BooleanField(default=False)
    needs_approval = models.BooleanField(
        default=False, help_text="The commander approves what is sent to others than responders."
    )
    audiences = models.JSONField(default=list, blank=True, help_text="Who may be told.")
    source = models.CharField(max_length=500, blank=True, help_text="Where the values come from.")
    revision = models.PositiveIntegerField(default=0)

    objects = SeverityQuerySet.as_manager()

    class Meta:
        ordering = ["level"]
        verbose_name_plural = "severities"
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=HIGHEST, level__lte=LOWEST), name="severity_level_1_to_5"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('incidents:severities')}#s-{self.level}"

    @property
    def name(self) -> str:
        return name_of(self.level)

    @property
    def etag(self) -> str:
        return f'"sev{self.level}-{self.revision}"'

    @property
    def is_major(self) -> bool:
        return is_major(self.level)

    @property
    def spans(self) -> dict[str, timedelta | None]:
        """What is counted in minutes, by name."""
        names = [name for name in TERMS if name.endswith("_minutes")]
        found = {name.removesuffix("_minutes"): getattr(self, name) for name in names}
        return {name: timedelta(minutes=count) if count else None for name, count in found.items()}

    @property
    def example_lines(self) -> list[str]:
        return [line.strip() for line in self.examples.splitlines() if line.strip()]

    def clean(self):
        refuse_signs(self)
        unknown = [each for each in self.audiences if each not in AUDIENCES]
        if unknown:
            known = ", ".join(AUDIENCES)
            raise ValidationError({"audiences": f"“{unknown[0]}” is none of {known}."})
        if (self.slow_after_minutes is None) != (self.slow_update_minutes is None):
            text = "Give both: after how long the pace is slower, and how slow."
            raise ValidationError({"slow_update_minutes": text})

    def terms(self) -> dict[str, Any]:
        """What an incident is opened with: later changes of this row do not touch it."""
        return {name: getattr(self, name) for name in TERMS}

    @transaction.atomic
    def change(self, changes: Mapping[str, Any], *, by, based_on: int | None = None) -> None:
        """Change what it means for incidents to come. Raises Stale or ValidationError."""
        if self.stands(changes, based_on=based_on):
            return
        self.claim(based_on, yours=changes)
        before = {name: getattr(self, name) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=[*changes])
        record(self, "change", by=by, **{n: (old, changes[n]) for n, old in before.items()})


TERMS = (
    "level",
    "title",
    "calls",
    "is_urgent",
    "acknowledge_minutes",
    "notice_minutes",
    "update_minutes",
    "slow_after_minutes",
    "slow_update_minutes",
    "idle_minutes",
    "review_days",
    "review_in_business_days",
    "action_days",
    "actions_in_business_days",
    "needs_approval",
    "audiences",
)
MAJOR = 2


def name_of(level: int) -> str:
    return f"SEV{level}"


def is_major(level: int) -> bool:
    """Whether everybody sees on each page that it is open."""
    return level <= MAJOR
