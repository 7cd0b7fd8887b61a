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


def make_service(slug="checkout", *, owner: Team | None = None, policy=None, **fields) -> Service:
    service = Service.objects.create(slug=slug, name=slug.title(), owner=owner, **fields)
    if policy:
        ServicePolicy.objects.create(service=service, policy=policy)
    return service


def severity(level: int) -> Severity:
    return Severity.objects.get(level=level)


def declare(by, level=2, title="Checkout fails", **more) -> Incident:
    return Incident.objects.declare(title=title, severity=severity(level), by=by, **more)
