"""Policies to call by, and incidents that are open."""

from incidents.models import (
    EscalationPolicy,
    EscalationStep,
    EscalationTarget,
    Incident,
    ServicePolicy,
    Severity,
)
from portal.accounts.models import Team
from portal.architecture.models import Service


def make_policy(*people, name="Shop, tier 1", delay=5, **fields) -> EscalationPolicy:
    """One step for each person, the first at once."""
    slug = fields.pop("slug", name.lower().replace(", ", "-").replace(" ", "-"))
    policy = EscalationPolicy.objects.create(name=name, slug=slug, **fields)
    for position, person in enumerate(people):
        step = EscalationStep.objects.create(
            policy=policy, position=position, delay_minutes=delay if position else 0
        )
        EscalationTarget.objects.create(step=step, person=person)
    return policy


def grow_policies(count: int, person) -> None:
    """So many more policies, each with a step."""
    begin = EscalationPolicy.objects.count()
    rows = EscalationPolicy.objects.bulk_create(
        EscalationPolicy(slug=f"policy{n}", name=f"Policy {n}") for n in range(begin, begin + count)
    )
    steps = EscalationStep.objects.bulk_create(
        EscalationStep(policy=row, position=0, delay_minutes=0) for row in rows
    )
    EscalationTarget.objects.bulk_create(
        EscalationTarget(step=step, person=person) for step in steps
    )


def make_service(slug="checkout", *, owner: Team | None = None, policy=None, **fields) -> Service:
    service = Service.objects.create(slug=slug, name=slug.title(), owner=owner, **fields)
    if policy:
        ServicePolicy.objects.create(service=service, policy=policy)
    return service


def severity(level: int) -> Severity:
    return Severity.objects.get(level=level)


def declare(by, level=2, title="Checkout fails", **more) -> Incident:
    return Incident.objects.declare(title=title, severity=severity(level), by=by, **more)
