"""Policies to call by, and incidents that are open."""

from django.utils import timezone

from incidents.models import (
    AffectedService,
    Entry,
    EscalationPolicy,
    EscalationStep,
    EscalationTarget,
    Incident,
    Relation,
    ServicePolicy,
    Severity,
    Task,
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


def grow_incidents(by, count: int) -> None:
    """So many more, open and past, and so much more of everything in the first one."""
    first, now = Incident.objects.order_by("pk")[0], timezone.now()
    start = Incident.objects.count()
    common = {"terms": first.terms, "declared_at": now, "active_at": now, "declared_by": by}
    rows = Incident.objects.bulk_create(
        Incident(title=f"Incident {start + n}", level=1 + n % 5, **_ended(n, now), **common)
        for n in range(count)
    )
    services = Service.objects.order_by("-pk")[:count]
    AffectedService.objects.bulk_create(
        AffectedService(incident=incident, service=service, added_at=now)
        for incident, service in zip([first] * len(services) + rows, [*services, *services])
        if not first.affected.filter(service=service).exists() or incident != first
    )
    about = [
        (Entry, {"kind": "note", "by": by, "by_name": "x", "at": now}),
        (Task, {"added_at": now}),
    ]
    for model, columns in about:
        model.objects.bulk_create(
            model(incident=first, text=f"{n}", **columns) for n in range(count)
        )
    pairs = [sorted((first.pk, each.pk)) for each in rows]
    Relation.objects.bulk_create(
        Relation(first_id=older, second_id=newer) for older, newer in pairs
    )


def _ended(n: int, now) -> dict:
    return {"state": "resolved", "resolved_at": now} if n % 2 else {}


def severity(level: int) -> Severity:
    return Severity.objects.get(level=level)


def declare(by, level=2, title="Checkout fails", **more) -> Incident:
    return Incident.objects.declare(title=title, severity=severity(level), by=by, **more)
