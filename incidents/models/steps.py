"""The steps of escalation policies, and at whom they aim."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from portal.accounts.models import Team, User
from portal.core.problems import Refused
from portal.notifications.models import Channel, Urgency

from .rotations import Rotation

LONGEST_DELAY = 24 * 60  # minutes
MOST_STEPS = 20
MOST_TARGETS = 20  # of one step

Aim = User | Team | Rotation | Channel


@dataclass(frozen=True)
class StepSpec:
    """A step as somebody asks for it."""

    targets: tuple[Aim, ...]
    delay_minutes: int = 5
    urgency: str = Urgency.HIGH

    def __str__(self):
        return f"+{self.delay_minutes} {', '.join(map(str, self.targets))}"


class EscalationStep(models.Model):
    """Whom a policy calls at the same time, and how long after the step before."""

    policy = models.ForeignKey(
        "incidents.EscalationPolicy", on_delete=models.CASCADE, related_name="steps"
    )
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
        return f"{self.policy}, step {self.position + 1}"

    @property
    def specified(self) -> StepSpec:
        targets = tuple(target.what for target in self.targets.all())
        return StepSpec(targets, self.delay_minutes, self.urgency)

    def frozen(self) -> dict[str, Any]:
        return {
            "delay_minutes": self.delay_minutes,
            "urgency": self.urgency,
            "targets": [target.frozen() for target in self.targets.all()],
        }


KINDS: dict[str, type[models.Model]] = {
    "person": User,
    "team": Team,
    "rotation": Rotation,
    "channel": Channel,
}


def _exactly_one(names: Iterable[str]) -> Q:
    names, found = list(names), Q()
    for each in names:
        found |= Q(**{f"{name}__isnull": name != each for name in names})
    return found


class EscalationTarget(models.Model):
    """One of those whom a step calls: a person, a team, a rotation or a channel."""

    step = models.ForeignKey(EscalationStep, on_delete=models.CASCADE, related_name="targets")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    rotation = models.ForeignKey(
        Rotation, null=True, blank=True, on_delete=models.CASCADE, related_name="escalation_targets"
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["step", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=_exactly_one(KINDS), name="target_is_one_thing"),
        ]

    def __str__(self):
        return str(self.what)

    @classmethod
    def aimed(cls, step: EscalationStep, at: Aim) -> "EscalationTarget":
        return cls(step=step, **{kind_of(at): at})

    @property
    def kind(self) -> str:
        return next((each for each in KINDS if getattr(self, f"{each}_id")), "")

    @property
    def what(self) -> Any:
        return getattr(self, self.kind) if self.kind else None

    def frozen(self) -> dict[str, Any]:
        """What it is: who is on call, or in the team, is looked up when they are called."""
        what = self.what
        slug = {"slug": what.slug} if hasattr(what, "slug") else {}
        return {"kind": self.kind, "pk": what.pk, "name": str(what), **slug}


def kind_of(aim: Aim) -> str:
    return next(kind for kind, model in KINDS.items() if isinstance(aim, model))


def require_steps(steps: Sequence[StepSpec]) -> None:
    """Raise Refused for what is too much or too little."""
    if len(steps) > MOST_STEPS:
        raise Refused(f"A policy has at most {MOST_STEPS} steps.", pointer="/steps")
    for number, step in enumerate(steps):
        if not step.targets:
            detail = f"Step {number + 1} aims at nobody: name a person, team, rotation or channel."
            raise Refused(detail, pointer=f"/steps/{number}/targets")
        if len(step.targets) > MOST_TARGETS:
            detail = f"Step {number + 1}: at most {MOST_TARGETS} targets."
            raise Refused(detail, pointer=f"/steps/{number}/targets")
        if not 0 <= step.delay_minutes <= LONGEST_DELAY:
            detail = f"Step {number + 1}: a delay has 0 to {LONGEST_DELAY} minutes."
            raise Refused(detail, pointer=f"/steps/{number}/delay_minutes")


def write_steps(policy, steps: Sequence[StepSpec]) -> None:
    """These in place of all that the policy has."""
    policy.steps.all().delete()
    rows = EscalationStep.objects.bulk_create(
        EscalationStep(
            policy=policy, position=n, delay_minutes=each.delay_minutes, urgency=each.urgency
        )
        for n, each in enumerate(steps)
    )
    EscalationTarget.objects.bulk_create(
        EscalationTarget.aimed(row, aim)
        for row, each in zip(rows, steps, strict=True)
        for aim in dict.fromkeys(each.targets)
    )
