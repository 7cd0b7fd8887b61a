"""What customers know the services of the shop as, and who is told outside of it."""

from incidents.models import Audience, Component, StatusSubscription
from portal.core.ops.demo import World

COMPONENTS = {
    "storefront": "Shop",
    "checkout": "Payments and orders",
    "product-search": "Search",
    "order-mail": "E-mails about orders",
}


def make_status_page(world: World) -> None:
    """What customers know the services as, and who stands for whom."""
    olga = world.people["olga"]
    for position, (slug, name) in enumerate(COMPONENTS.items()):
        service = world.services[slug]
        about = {"service": service, "public_name": name, "position": position}
        Component.objects.add(by=olga, is_public=True, **about)
    executives = Audience.objects.get(name="executives")
    executives.people.set([olga, world.people["paul"]])
    StatusSubscription.objects.create(
        email="status-updates@example.org", asked_at=world.now, confirmed_at=world.now
    )
