"""Who is called for the services of the shop, and who is told outside of it."""

from incidents.models import Audience, Component, EscalationPolicy, Rotation, StepSpec
from portal.core.ops.demo import World

# slug: name, team, services of its own, and its steps: minutes after the one before, and whom they
# call. `@` is the rotation of a team, `%` all of the team.
POLICIES = {
    "catch-all": ("Catch-all", "platform", "", [(0, "olga"), (10, "paul")]),
    "payments": (
        *("Payments", "payments", "checkout refunds"),
        [(0, "@payments"), (5, "amara"), (10, "%payments")],
    ),
    "platform": (
        *("Platform", "platform", "orders-database message-queue"),
        [(0, "@platform"), (10, "%platform")],
    ),
    "storefront": ("Storefront", "storefront", "", [(0, "@storefront"), (5, "@platform")]),
}
COMPONENTS = {
    "storefront": "Shop",
    "checkout": "Payments and orders",
    "product-search": "Search",
    "order-mail": "E-mails about orders",
}


def make_policies(world: World) -> None:
    for slug, (name, team, services, steps) in POLICIES.items():
        is_last = slug == "catch-all"
        EscalationPolicy.objects.make(
            by=world.people["olga"],
            slug=slug,
            name=name,
            team=world.teams[team],
            is_default_of_team=not is_last,
            is_catch_all=is_last,
            services=[world.services[each] for each in services.split()],
            steps=[StepSpec((_target(world, target),), delay) for delay, target in steps],
        )
    world.report(f"{len(POLICIES)} escalation policies")


def _target(world: World, name: str):
    if name.startswith("@"):
        return Rotation.objects.get(slug=name[1:])
    return world.teams[name[1:]] if name.startswith("%") else world.people[name]


def make_status_page(world: World) -> None:
    """What customers know the services as, and who stands for whom."""
    olga = world.people["olga"]
    for position, (slug, name) in enumerate(COMPONENTS.items()):
        service = world.services[slug]
        about = {"service": service, "public_name": name, "position": position}
        Component.objects.add(by=olga, is_public=True, **about)
    executives = Audience.objects.get(name="executives")
    executives.people.set([olga, world.people["paul"]])
    customers = Audience.objects.get(name="customers")
    Audience.objects.filter(pk=customers.pk).update(addresses=["status-updates@example.org"])
