"""Who is called for the services of the shop."""

from incidents.models import EscalationPolicy, EscalationStep, EscalationTarget, ServicePolicy
from portal.core.ops.demo import World
from portal.notifications.models import Urgency

# slug: name, team, and for each step: minutes after the one before, and whom it calls
POLICIES = {
    "payments": ("Payments", "payments", [(0, "@payments"), (5, "amara"), (10, "%payments")]),
    "platform": ("Platform", "platform", [(0, "@platform"), (10, "%platform")]),
    "catch-all": ("Catch-all", "platform", [(0, "olga"), (10, "paul")]),
}
OWN = {"checkout": "payments", "refunds": "payments", "orders-database": "platform"}


def make_policies(world: World) -> dict[str, EscalationPolicy]:
    """By slug. `@` stands for the rotation of a team, `%` for all of the team."""
    made = {}
    for slug, (name, team, steps) in POLICIES.items():
        is_last = slug == "catch-all"
        made[slug] = EscalationPolicy.objects.create(
            slug=slug,
            name=name,
            team=world.teams[team],
            is_default_of_team=not is_last,
            is_catch_all=is_last,
        )
        for position, (delay, target) in enumerate(steps):
            _add_step(made[slug], position, delay, _target(world, target))
    for service, slug in OWN.items():
        if service in world.services:
            ServicePolicy.objects.create(service=world.services[service], policy=made[slug])
    return made


def _add_step(policy, position: int, delay: int, target: dict) -> None:
    step = EscalationStep.objects.create(
        policy=policy, position=position, delay_minutes=delay, urgency=Urgency.HIGH
    )
    EscalationTarget.objects.create(step=step, **target)


def _target(world: World, name: str) -> dict:
    if name.startswith("%"):
        return {"team": world.teams[name[1:]]}
    return {"person": world.people[name]}
