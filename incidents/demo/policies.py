"""Escalation policies of the shop: each team's rotation first, then somebody by name, then all."""

from incidents.models import EscalationPolicy, Rotation, StepSpec
from portal.architecture.models import Service
from portal.core.ops.demo import World


def make_policies(world: World) -> None:
    olga = world.people["olga"]
    last = EscalationPolicy.objects.make(
        by=olga,
        name="All operators",
        slug="catch-all",
        description="Where every policy ends, and what has none begins.",
        is_catch_all=True,
        rounds=1,
        steps=[StepSpec((world.people["olga"], world.people["ingrid"]), delay_minutes=0)],
    )
    _of_team(world, "payments", "Payments, tier 1", second="rita")
    _of_team(world, "platform", "Platform, tier 1", second="tomasz")
    world.report(f"{EscalationPolicy.objects.count()} escalation policies, {last} the last")


def _of_team(world: World, slug: str, name: str, *, second: str) -> None:
    rotation, team = Rotation.objects.get(slug=slug), world.teams[slug]
    EscalationPolicy.objects.make(
        by=world.people["olga"],
        name=name,
        team=team,
        is_default_of_team=True,
        rounds=2,
        services=Service.objects.filter(owner=team),
        steps=[
            StepSpec((rotation,), delay_minutes=0),
            StepSpec((world.people[second],), delay_minutes=5),
            StepSpec((team,), delay_minutes=10),
        ],
    )
