"""Five services in a small catalog, and the services of the portal itself."""

from portal.accounts.models import Team
from portal.architecture.files.tree import import_tree
from portal.architecture.models import Service
from portal.core.ops.demo import World

from .catalog import fill_catalog

SERVICES = {
    "ops-portal": ("Ops Portal", "platform", 2, "This portal: what the starter library is about."),
    "checkout": ("Checkout", "shop", 1, "Takes orders and payments."),
    "orders-database": ("Orders database", "platform", 1, "PostgreSQL, one primary, two standbys."),
    "message-queue": ("Message queue", "platform", 2, "Carries orders to the warehouse."),
    "product-search": ("Product search", "shop", 3, "Finds products by words and filters."),
}


def load(world: World) -> None:
    """What was read from the library before stays as it is."""
    if world.is_new:
        world.services = make_services(world.teams)
        fill_catalog(world.services)
    if world.library:
        import_tree(world.library / "architecture" / "catalog")
        platform = Team.objects.get(slug="platform")
        Service.objects.filter(owner=None).update(owner=platform)


def make_services(teams) -> dict[str, Service]:
    return {
        slug: Service.objects.create(
            slug=slug, name=name, owner=teams[owner], tier=tier, description=description
        )
        for slug, (name, owner, tier, description) in SERVICES.items()
    }
