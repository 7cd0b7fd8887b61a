"""What people are told about services."""

from django.urls import reverse

from portal.accounts.models import User
from portal.core.data import clock
from portal.core.web.address import absolute
from portal.notifications.models import Kind
from portal.notifications.notices import WATCHED, tell

OURS = "architecture-"  # what the key of each message begins with
READ = "architecture.view_service"
OWNED = Kind("architecture-owned", "A service of your team was changed or deleted in the catalog")
TITLE = "Services"
KINDS = (OWNED,)


def changed(service, *, by) -> None:
    """Tell the owner team and who watches it; of an import by nobody only the latter."""
    readers = User.objects.who_may(READ)
    owner = readers.filter(teams=service.owner_id) if service.owner_id and by else []
    who = by.display_name if by else "An import"
    tell(
        key=f"{OURS}changed-{service.pk}-{clock.now():%Y%m%d%H%M%S%f}",
        subject=f"Changed in the catalog: {service}",
        text=f"{who} changed “{service}”.\n\nRead: {absolute(service.get_absolute_url())}",
        concerned=[(OWNED, owner), (WATCHED, readers.filter(watched_services=service))],
        by=by,
    )


def deleted(service, *, by) -> None:
    """Tell the owner team and who watches it. Called before it is gone, and they with it."""
    readers = User.objects.who_may(READ)
    owner = readers.filter(teams=service.owner_id) if service.owner_id else []
    who = by.display_name if by else "Somebody"
    tell(
        key=f"{OURS}deleted-{service.pk}",
        subject=f"Deleted from the catalog: {service}",
        text=f"{who} deleted “{service}” from the catalog.\n\nAll services: {_catalog()}",
        concerned=[(OWNED, owner), (WATCHED, readers.filter(watched_services=service))],
        by=by,
    )


def watched(user):
    return user.watched_services.visible(user).only("slug", "name")


def _catalog() -> str:
    return absolute(reverse("architecture:services"))
