"""Which alerts open an incident, of which severity, and whom it calls."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Max, Sum
from django.urls import reverse

from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Conflict
from portal.monitoring.models import matchers

from .policies import EscalationPolicy
from .severities import HIGHEST, LOWEST

MOST_RULES = 200
MOST_LABELS = 10  # that a rule groups by
MOST_WORDS = 20
LONGEST_WORD = 60


class RuleAction(models.TextChoices):
    INCIDENT = "incident", "Open an incident"
    TICKET = "ticket", "Open a ticket (SEV5)"
    NOTHING = "nothing", "Open nothing"


class TooManyRules(Conflict):
    """Each alert is compared with each of them."""

    code, title = "too-many-rules", "Too many rules"


class IncidentRuleQuerySet(models.QuerySet):
    model: "type[IncidentRule]"  # type: ignore[assignment]

    def visible(self, user):
        return self if user.has_perm("incidents.view_incidentrule") else self.none()

    def active(self):
        return self.filter(is_active=True)

    def stamp(self) -> tuple:
        """Differs whenever a rule was made, changed, moved or removed."""
        found = self.aggregate(Count("pk"), Max("pk"), Sum("revision"))
        return tuple(found[name] for name in sorted(found))

    @transaction.atomic
    def make(self, *, by, **fields: Any) -> "IncidentRule":
        """Add a rule after all others. Raises ValidationError or TooManyRules."""
        if self.count() >= MOST_RULES:
            raise TooManyRules(f"There are {MOST_RULES} rules. Remove some of them.")
        last = self.aggregate(last=Max("position"))["last"]
        rule = self.model(position=0 if last is None else last + 1, **fields)
        rule.full_clean()
        rule.save(force_insert=True)
        record(rule, "start", by=by)
        return rule


class IncidentRule(Versioned):
    """What is done with alerts that have such labels; of several rules the first that matches."""

    READ_AGAIN = None

    position = models.PositiveIntegerField(editable=False)
    name = models.CharField(max_length=120)
    matchers = models.JSONField(default=list, help_text="All of them have to match.")
    action = models.CharField(max_length=8, choices=RuleAction, default=RuleAction.INCIDENT)
    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="incident_rules",
        help_text="What it concerns; empty: the service of the alert.",
    )
    level = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(HIGHEST), MaxValueValidator(LOWEST)],
        help_text="Severity of the incident; empty: by the severity of the alert.",
    )
    levels = models.JSONField(
        default=dict, blank=True, help_text="Words of alerts, each with the severity it means."
    )
    policy = models.ForeignKey(
        EscalationPolicy,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="incident_rules",
        help_text="Whom it calls; empty: the policy of the service.",
    )
    group_by = models.JSONField(
        default=list,
        blank=True,
        help_text="Labels: alerts that have the same values join one incident. "
        "Empty: one for each service.",
    )
    resolves = models.BooleanField(
        default=False, help_text="Resolve the incident when all of its alerts are over."
    )
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0)

    objects = IncidentRuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        default_permissions = ("add", "change", "view")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("incidents:rule", args=[self.pk])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    @property
    def is_ticket(self) -> bool:
        return self.action == RuleAction.TICKET

    @property
    def resolves_itself(self) -> bool:
        """Of tickets always: nobody looks after them at once."""
        return self.resolves or self.is_ticket

    @property
    def written(self) -> list[str]:
        return [str(each) for each in matchers.loaded(self.matchers)]

    def level_of(self, severity: str) -> int | None:
        """The severity that this rule gives an alert of such a word; None: it says none."""
        if self.is_ticket:
            return LOWEST
        return self.levels.get(severity.strip().lower(), self.level)

    def clean(self):
        refuse_signs(self, only=("name",))
        wrong = {}
        for name, check in CHECKS.items():
            try:
                check(getattr(self, name))
            except ValidationError as error:
                wrong[name] = error.messages
        if wrong:
            raise ValidationError(wrong)

    # Verbs

    @transaction.atomic
    def change(self, changes: Mapping[str, Any], *, by, based_on: int | None = None) -> None:
        """Holds for alerts to come. Raises Stale or ValidationError."""
        if self.stands(changes, based_on=based_on):
            return
        self.claim(based_on, yours=changes)
        before = {name: getattr(self, name) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=[*changes])
        record(self, "change", by=by, **{n: (old, changes[n]) for n, old in before.items()})

    @transaction.atomic
    def move(self, to: int, *, by, based_on: int | None = None) -> bool:
        """Let it be the rule number `to`, from 1; False: it stands there. Raises Stale."""
        self.claim(based_on)
        rows = list(IncidentRule.objects.select_for_update().order_by("position", "pk"))
        before = [row.pk for row in rows]
        rows.sort(key=lambda row: row.pk == self.pk)
        mine = rows.pop()
        rows.insert(max(min(to, len(before)), 1) - 1, mine)
        for position, row in enumerate(rows):
            IncidentRule.objects.filter(pk=row.pk).update(position=position)
        self.refresh_from_db()
        if [row.pk for row in rows] == before:
            return False
        record(self, "move", by=by, position=(before.index(self.pk) + 1, self.position + 1))
        return True

    @transaction.atomic
    def remove(self, *, by, based_on: int | None = None) -> None:
        """It decides nothing any more; incidents that it opened stay. Raises Stale."""
        self.claim(based_on)
        record(self, "delete", by=by, name=(self.name, ""))
        self.delete()


def tag_of(pk: int, revision: int) -> str:
    return f'"ir{pk}-{revision}"'


def validate_levels(column: Any) -> None:
    """Raise ValidationError unless each word of a tool has a level."""
    if not isinstance(column, dict) or len(column) > MOST_WORDS:
        raise ValidationError(f"Give at most {MOST_WORDS} words, each with a severity.")
    for word, level in column.items():
        if not word.strip() or len(word) > LONGEST_WORD or word != word.strip().lower():
            raise ValidationError(f"“{word[:LONGEST_WORD]}” is no word in lower case.")
        if type(level) is not int or not HIGHEST <= level <= LOWEST:
            raise ValidationError(f"“{word}” has a severity from {HIGHEST} to {LOWEST}.")


def validate_group_by(column: Any) -> None:
    """Raise ValidationError unless they are names of labels."""
    if not isinstance(column, list) or not all(isinstance(each, str) for each in column):
        raise ValidationError("Name labels.")
    if len(column) > MOST_LABELS:
        raise ValidationError(f"At most {MOST_LABELS} labels are accepted.")
    if any(not 0 < len(each.strip()) <= matchers.LONGEST_NAME for each in column):
        raise ValidationError("Each is the name of a label.")


CHECKS = {
    "matchers": matchers.validate,
    "levels": validate_levels,
    "group_by": validate_group_by,
}
