"""The services of an online shop, and those of the portal itself."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from portal.accounts.models import Team
from portal.architecture.files.tree import import_tree
from portal.architecture.models import ConfigurationItem, Service
from portal.core.ops.demo import World

DOING = "services of the shop"
CATALOG = Path(__file__).parent / "catalog"
ROTATED = {  # days ago; the payment key is late
    "PAYMENT_KEY": 104,
    "QUEUE_PASSWORD": 61,
    "REPLICATION_PASSWORD": 170,
    "SESSION_SIGNING_KEY": 208,
    "WAREHOUSE_SSH_KEY": 33,
}


def load(world: World) -> None:
    """What was read from the library before stays as it is."""
    if world.is_new:
        world.refused += import_tree(CATALOG).errors
        note_rotations()
        world.services = {service.slug: service for service in Service.objects.all()}
        owners = {service.owner_id for service in world.services.values()}
        world.report(f"{len(world.services)} services of {len(owners)} teams")
    if world.library:
        world.refused += import_tree(world.library / "architecture" / "catalog").errors
        platform = Team.objects.get(slug="platform")
        Service.objects.filter(owner=None).update(owner=platform)


def note_rotations() -> None:
    """When each secret was changed last."""
    today = timezone.localdate()
    items = list(ConfigurationItem.objects.filter(name__in=ROTATED))
    for item in items:
        item.rotated_on = today - timedelta(days=ROTATED[item.name])
    ConfigurationItem.objects.bulk_update(items, ["rotated_on"])
