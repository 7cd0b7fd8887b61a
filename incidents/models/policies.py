"""Escalation policies: who is called, in which order, and how long each has to answer."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.notifications.models import Channel, Urgency

LONGEST_DELAY = 24 * 60  # minutes
MOST_ROUNDS = 10


class EscalationPolicyQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("incidents.view_escalationpolicy") else self.none()

    def current(self):
        return self.filter(archived_at=None)

    def catch_all(self) -> "EscalationPolicy | None":
        """Where everything ends that nobody answered, and that no policy is for."""
        return self.current().filter(is_catch_all=True).first()

    def for_services(self, services: Iterable[Service]) -> "EscalationPolicy | None":
        """That of the first service that has one, else of the first owner team that has one."""
        services = list(services)
        by_service = self.current().filter(services__service__in=services)
        by_team = self.current().filter(is_default_of_team=True)
        owners = [each.owner_id for each in services if each.owner_id]
        return by_service.first() or by_team.filter(team__in=owners).first()


class EscalationPolicy(Versioned):
    """Steps that call people one after another until somebody acknowledges."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=1000, blank=True)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="escalation_policies"
    )
    is_default_of_team = models.BooleanField(
        default=False, help_text="For services of the team that have no policy of their own."
    )
    rounds = models.PositiveSmallIntegerField(
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ROUNDS)],
        help_text="How often the steps are gone through.",
    )
    continues_with = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="continues",
        help_text="The policy that goes on when nobody answered.",
    )
    is_catch_all = models.BooleanField(
        default=False, help_text="Called in the end when nobody else answered."
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = EscalationPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "escalation policies"
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["is_catch_all"],
                condition=Q(is_catch_all=True, archived_at=None),
                name="one_catch_all_policy",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(is_default_of_team=True, archived_at=None),
                name="one_default_policy_of_a_team",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("incidents:policy", args=[self.slug])

    @property
    def etag(self) -> str:
        return f'"p{self.pk}-{self.revision}"'

    def clean(self):
        refuse_signs(self)

    def frozen(self) -> dict[str, Any]:
        """This policy as an incident keeps it: later changes do not touch what goes on."""
        steps = self.steps.prefetch_related("targets").order_by("position")
        return {
            "policy": self.slug,
            "name": self.name,
            "revision": self.revision,
            "rounds": self.rounds,
            "steps": [step.frozen() for step in steps],
        }

    def plan(self) -> list[dict[str, Any]]:
        """This policy, those that go on after it, each once, and in the end the catch-all."""
        policies, each = [], self
        while each and each not in policies and each.archived_at is None:
            policies.append(each)
            each = each.continues_with
        last = EscalationPolicy.objects.catch_all()
        if last and last not in policies:
            policies.append(last)
        return [each.frozen() for each in policies]


class EscalationStep(models.Model):
    """Whom a policy calls at the same time, and how long after the step before."""

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    delay_minutes = models.PositiveIntegerField(
        default=5,
        validators=[MaxValueValidator(LONGEST_DELAY)],
        help_text="Minutes after the step before; of the first step, after the incident opens.",
    )
    urgency = models.CharField(max_length=4, choices=Urgency, default=Urgency.HIGH)

    class Meta:
        ordering = ["policy", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="step_of_policy_once"),
        ]

    def __str__(self):
        return f"{self.policy}, step {self.position}"

    def frozen(self) -> dict[str, Any]:
        return {
            "delay_minutes": self.delay_minutes,
            "urgency": self.urgency,
            "targets": [target.frozen() for target in self.targets.all()],
        }


class EscalationTarget(models.Model):
    """One of those whom a step calls: a person, a team or a channel."""

    KINDS = ("person", "team", "channel")

    step = models.ForeignKey(EscalationStep, on_delete=models.CASCADE, related_name="targets")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["step", "pk"]
        default_permissions = ()

    def __str__(self):
        return str(self.what)

    @property
    def kind(self) -> str:
        return next((each for each in self.KINDS if getattr(self, f"{each}_id")), "")

    @property
    def what(self) -> Any:
        return getattr(self, self.kind) if self.kind else None

    def frozen(self) -> dict[str, Any]:
        return {"kind": self.kind, "pk": self.what.pk, "name": str(self.what)}


class ServicePolicy(models.Model):
    """The policy that incidents of a service are opened with."""

    service = models.OneToOneField(
        Service, on_delete=models.CASCADE, related_name="escalation_policy"
    )
    policy = models.ForeignKey(
        EscalationPolicy, on_delete=models.CASCADE, related_name="services"
    )

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.service}: {self.policy}"
