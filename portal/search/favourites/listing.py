"""The favourites of a person, and whether something is one."""

from typing import NamedTuple

from portal.core.data.queries import Prepared
from portal.search import registry
from portal.search.models import Favourite
from portal.search.registry import Kind
from portal.search.scope import seen


class Kept(NamedTuple):
    """One favourite, as it is shown."""

    kind: Kind
    slug: str
    title: str
    about: str
    is_current: bool

    @property
    def address(self) -> str:
        return self.kind.address(self.slug)


def _kept(*, user: int, kind: str, slug: str):
    rows = Favourite.objects.filter(user_id=user, entry__kind=kind, entry__slug=slug)
    return rows.order_by().values_list("pk")


_found = Prepared(_kept)


def is_favourite(user, kind: str, slug: str) -> bool:
    """Asked by each page that has a star."""
    return bool(_found(user=user.pk, kind=kind, slug=slug))


def favourites(user, most: int | None = None) -> list[Kept]:
    """Those of this person that they may still see, by title."""
    rows = Favourite.objects.of(user).filter(entry__in=seen(user))[:most]
    return [_shown(row.entry) for row in rows]


def _shown(entry) -> Kept:
    kind = registry.kind(entry.kind)
    return Kept(kind, entry.slug, entry.title, entry.about, entry.is_current)
