"""What people are told about services."""

from collections.abc import Iterable

from django.urls import reverse

from portal.accounts.models import User
from portal.core.data import clock
from portal.core.web.address import absolute
from portal.notifications.models import Kind
from portal.notifications.notices import WATCHED, tell

OURS = "architecture-"  # what the key of each message begins with
READ = "architecture.view_service"
OWNED = Kind(
    "architecture-owned",
    "A service of your team was changed or deleted in the catalog",
    for_teams=True,
    team_label="A service of the team was changed or deleted in the catalog",
)
TITLE = "Services"
KINDS = (OWNED,)


def changed(service, *, by) -> None:
    """Tell the owner team, its channels and who watches it; of an import by nobody only these."""
    who = by.display_name if by else "An import"
    tell(
        key=f"{OURS}changed-{service.pk}-{clock.now():%Y%m%d%H%M%S%f}",
        subject=f"Changed in the catalog: {service}",
        text=f"{who} changed “{service}”.\n\nRead: {absolute(service.get_absolute_url())}",
        concerned=_concerned(service, is_owner_told=by is not None),
        by=by,
        teams=None if by is None else [service.owner_id],
    )


def deleted(service, *, by) -> None:
    """Tell the owner team, its channels and who watches it. Called before it is gone."""
    who = by.display_name if by else "Somebody"
    tell(
        key=f"{OURS}deleted-{service.pk}",
        subject=f"Deleted from the catalog: {service}",
        text=f"{who} deleted “{service}” from the catalog.\n\nAll services: {_catalog()}",
        concerned=_concerned(service),
        by=by,
        teams=[service.owner_id],
    )


def _concerned(service, *, is_owner_told: bool = True) -> list[tuple[Kind, Iterable[User]]]:
    """The owner team and who watches it, as far as they may read it."""
    readers = User.objects.who_may(READ)
    is_told = service.owner_id and is_owner_told
    owner: Iterable[User] = readers.filter(teams=service.owner_id) if is_told else []
    return [(OWNED, owner), (WATCHED, readers.filter(watched_services=service))]


def watched(user):
    return user.watched_services.visible(user).only("slug", "name")


def _catalog() -> str:
    return absolute(reverse("architecture:services"))
