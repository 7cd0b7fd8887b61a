"""What follows from declaring: who is called, and what is due by when."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from incidents.models import EscalationPolicy, Severity
from incidents.models.steps import KINDS
from portal.core.templatetags.look import duration

STEPS_SAID = 3
PARTS = [f"steps__targets__{kind}" for kind in KINDS]


class Call(NamedTuple):
    """Whom one step calls, and when: “now”, “after 5 min”."""

    who: str
    when: str


def calls_of(policy: EscalationPolicy) -> list[Call]:
    """The first steps that call anybody; an empty one is skipped without its delay."""
    found, waited = [], 0
    for step in policy.steps.all():
        if names := [str(target) for target in step.targets.all() if target.what]:
            waited += step.delay_minutes
            when = f"after {duration(timedelta(minutes=waited))}" if waited else "now"
            found.append(Call(" and ".join(names), when))
    return found[:STEPS_SAID]


class Callers:
    """The policies of some services, read at once."""

    def __init__(self, services: Iterable):
        services = list(services)
        owners = [each.owner_id for each in services if each.owner_id]
        wanted = Q(services__service__in=services) | Q(is_catch_all=True)
        wanted |= Q(is_default_of_team=True, team__in=owners)
        rows: Any = EscalationPolicy.objects.current().filter(wanted).distinct()
        rows = rows.prefetch_related("services", *PARTS)
        self.of_service: dict[int, EscalationPolicy] = {}
        self.of_team: dict[int, EscalationPolicy] = {}
        self.catch_all: EscalationPolicy | None = None
        for policy in rows:
            self._sort_in(policy)

    def _sort_in(self, policy: EscalationPolicy) -> None:
        for each in policy.services.all():
            self.of_service[each.service_id] = policy
        if policy.is_default_of_team and policy.team_id:
            self.of_team[policy.team_id] = policy
        if policy.is_catch_all:
            self.catch_all = policy

    def calls(self, service=None) -> list[Call]:
        """As `declare` chooses the policy."""
        own = service and (
            self.of_service.get(service.pk) or self.of_team.get(service.owner_id or 0)
        )
        policy = own or self.catch_all
        return calls_of(policy) if policy else []


def due_of(severity: Severity) -> str:
    """What is due first, in words."""
    said = []
    if severity.notice_minutes:
        said.append(f"First notice due in {_minutes(severity.notice_minutes)}.")
    if severity.update_minutes:
        said.append(f"An update every {_minutes(severity.update_minutes)}.")
    if severity.calls and not severity.is_urgent:
        said.append("Nobody is woken at night.")
    return " ".join(said)


def _minutes(count: int) -> str:
    return duration(timedelta(minutes=count))
