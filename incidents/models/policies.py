"""Escalation policies: who is called, in which order, and how long each has to answer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Conflict, Refused

from .steps import KINDS, LONGEST_DELAY, StepSpec, require_steps, write_steps

MOST_ROUNDS = 10
RESERVED = {"new"}  # addresses of pages beside those of policies
TARGETS = tuple(KINDS)


class EscalationPolicyQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("incidents.view_escalationpolicy") else self.none()

    def current(self):
        return self.filter(archived_at=None)

    def archived(self):
        return self.filter(archived_at__isnull=False)

    def with_steps(self):
        """All that a plan is made of, in three queries."""
        targets = [f"steps__targets__{kind}" for kind in TARGETS]
        return self.select_related("team", "continues_with").prefetch_related(*targets)

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

    @transaction.atomic
    def make(
        self,
        *,
        by,
        steps: Sequence[StepSpec] = (),
        services: Iterable[Service] = (),
        **fields: Any,
    ) -> "EscalationPolicy":
        """Create one: slug, name, description, team, is_default_of_team, rounds, wait_minutes,
        continues_with, is_catch_all. Raises ValidationError or Refused.
        """
        require_steps(steps)
        row: Any = self.model(**fields)
        row.slug = row.slug or self._free_slug(row.name)
        row.full_clean()
        row.save(force_insert=True)
        write_steps(row, steps)
        row._serve(services)
        record(row, "start", by=by, steps=("", _said(steps)))
        return row

    def _free_slug(self, name: str) -> str:
        slug = slugify(name)[:50].strip("-") or "policy"
        taken = {*RESERVED, *self.filter(slug__startswith=slug).values_list("slug", flat=True)}
        numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
        return slug if slug not in taken else next(each for each in numbered if each not in taken)


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
    wait_minutes = models.PositiveIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DELAY)],
        help_text="Minutes after the last step until the next round, the next policy or the end.",
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
                violation_error_message="Another policy is the catch-all: there is one at a time.",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(is_default_of_team=True, archived_at=None),
                name="one_default_policy_of_a_team",
                violation_error_message="The team has a default policy already.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("incidents:policy", args=[self.slug])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    def clean(self):
        refuse_signs(self)
        if self.slug in RESERVED:
            raise Refused("The portal itself uses this address: choose another.", pointer="/slug")
        if self.is_default_of_team and self.team is None:
            raise Refused("Name the team whose default it is.", pointer="/team")
        if self.pk and self.continues_with_id == self.pk:
            raise Refused("It cannot continue with itself.", pointer="/continues_with")

    def frozen(self) -> dict[str, Any]:
        """This policy as an incident keeps it: later changes do not touch what goes on."""
        return {
            "policy": self.slug,
            "name": self.name,
            "revision": self.revision,
            "rounds": self.rounds,
            "wait_minutes": self.wait_minutes,
            "steps": [step.frozen() for step in self._steps()],
        }

    def plan(self) -> list[dict[str, Any]]:
        """This policy, those that go on after it, each once, and in the end the catch-all."""
        policies: list[EscalationPolicy] = []
        each: EscalationPolicy | None = self
        while each and each not in policies and each.archived_at is None:
            policies.append(each)
            each = each.continues_with
        last = EscalationPolicy.objects.catch_all()
        if last and last not in policies:
            policies.append(last)
        return [each.frozen() for each in policies]

    def chain(
        self, known: Mapping[int, "EscalationPolicy"] | None = None
    ) -> list["EscalationPolicy"]:
        """This policy and those that go on after it; the last one again where they loop.

        `known`: policies by their keys that were loaded already.
        """
        found: list[EscalationPolicy] = [self]
        while found.count(found[-1]) == 1 and (following := found[-1]._next(known or {})):
            found.append(following)
        return found

    def _next(self, known: Mapping[int, "EscalationPolicy"]) -> "EscalationPolicy | None":
        return known.get(self.continues_with_id or 0) or self.continues_with

    def specified(self) -> list[StepSpec]:
        return [step.specified for step in self._steps()]

    def _steps(self):
        if "steps" in getattr(self, "_prefetched_objects_cache", {}):
            return self.steps.all()
        targets = [f"targets__{kind}" for kind in TARGETS]
        return self.steps.prefetch_related(*targets).order_by("position")

    # Verbs

    @transaction.atomic
    def change(self, changes: Mapping[str, Any], *, by, based_on: int | None = None) -> bool:
        """Change what `make` takes, but the slug; `steps` and `services` as a whole.

        Incidents that are open keep the policy as it was. False if nothing differs. Raises
        Refused, Stale or ValidationError.
        """
        changes = dict(changes)
        if self._stands_so(changes, based_on):
            return False
        steps, services = changes.pop("steps", None), changes.pop("services", None)
        self.claim(based_on, yours=changes)
        self._require_current()
        noted = {n: (getattr(self, n), to) for n, to in changes.items() if getattr(self, n) != to}
        for name, value in changes.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=[*changes])
        if steps is not None:
            require_steps(steps)
            noted["steps"] = (_said(self.specified()), _said(steps))
            write_steps(self, steps)
        if services is not None:
            self._serve(services)
        record(self, "change", by=by, **noted)
        return True

    def _stands_so(self, changes: Mapping[str, Any], based_on: int | None) -> bool:
        plain = {n: to for n, to in changes.items() if n not in ("steps", "services")}
        if not self.stands(plain, based_on=based_on) or self.archived_at:
            return False
        if "steps" in changes and [*changes["steps"]] != self.specified():
            return False
        served = {row.service for row in self.services.select_related("service")}
        return "services" not in changes or {*changes["services"]} == served

    @transaction.atomic
    def archive(self, *, by, at: datetime, based_on: int | None = None) -> bool:
        """No incident is opened with it any more. False: it was archived. Raises Stale."""
        self.claim(based_on)
        if self.archived_at:
            return False
        self.archived_at = at
        self.save(update_fields=["archived_at"])
        self.services.all().delete()
        record(self, "archive", by=by)
        return True

    @transaction.atomic
    def unarchive(self, *, by) -> bool:
        """Use it again, without services. False: it is in use. Raises ValidationError."""
        self.claim(None)
        if self.archived_at is None:
            return False
        self.archived_at = None
        self.full_clean()
        self.save(update_fields=["archived_at"])
        record(self, "unarchive", by=by)
        return True

    def _require_current(self) -> None:
        if self.archived_at:
            raise Conflict("It is archived: unarchive it first.")

    def _serve(self, services: Iterable[Service]) -> None:
        """Be the policy of these services, whatever they had, and of no others."""
        services = list(services)
        self.services.exclude(service__in=services).delete()
        ServicePolicy.objects.filter(service__in=services).exclude(policy=self).delete()
        rows = [ServicePolicy(service=each, policy=self) for each in services]
        ServicePolicy.objects.bulk_create(rows, ignore_conflicts=True)


class ServicePolicy(models.Model):
    """The policy that incidents of a service are opened with."""

    service = models.OneToOneField(
        Service, on_delete=models.CASCADE, related_name="escalation_policy"
    )
    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="services")

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.service}: {self.policy}"


def _said(steps: Iterable[StepSpec]) -> str:
    return "; ".join(map(str, steps))


def tag_of(pk: int, revision: int) -> str:
    return f'"p{pk}-{revision}"'
