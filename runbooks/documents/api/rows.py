"""The queries of runbooks that nearly every request of a program runs: put together once."""

from portal.core.api.pagination import ordered
from portal.core.api.rows import Row
from portal.core.data.queries import Prepared
from runbooks.documents.serializers import FOR_READERS, DetailSerializer, RowSerializer, tag_of
from runbooks.models import Runbook

from .filters import ORDERS

TAG = ("published__number", "revision")
KEYS = ("pk", *TAG)


def _visible(drafts_too: bool):
    rows = Runbook.objects.order_by()
    return rows if drafts_too else rows.filter(published__isnull=False)


def _shown(row: type[Row], drafts_too: bool) -> type[Row]:
    return row if drafts_too else FOR_READERS[row]


def _at(drafts_too: bool, names: tuple[str, ...], *, slug: str):
    rows = _visible(drafts_too).filter(slug=slug)
    return _shown(DetailSerializer, drafts_too).values(rows, names, KEYS)


def _tag_at(drafts_too: bool, *, slug: str):
    return _visible(drafts_too).filter(slug=slug).values_list(*TAG)


def _first(drafts_too: bool, order: str, limit: int):
    row, current = _shown(RowSerializer, drafts_too), _visible(drafts_too).current()
    return ordered(row.values(current, keys=ORDERS[order].keys), ORDERS[order])[: limit + 1]


_one, _tag, _page = Prepared(_at), Prepared(_tag_at), Prepared(_first)


def may_see_drafts(user) -> bool:
    return user.has_perm("runbooks.view_version")


def shown_to(user, row: type[Row]) -> type[Row]:
    """The serializer as it speaks to this person: readers do not hear of drafts."""
    return _shown(row, may_see_drafts(user))


def one(slug: str, names: tuple[str, ...], user) -> tuple | None:
    """The columns KEYS of one runbook that this person may see, and those of these members."""
    found = _one(may_see_drafts(user), DetailSerializer.heavy(names), slug=slug)
    return found[0] if found else None


def etag_at(slug: str, user) -> str:
    """The tag of the runbook that this person may see; empty if there is none."""
    found = _tag(may_see_drafts(user), slug=slug)
    return tag_of(*found[0]) if found else ""


def first_page(order: str, limit: int, user) -> list[tuple]:
    """The first rows of the list that nobody narrowed, and one more."""
    return _page(may_see_drafts(user), order, limit)
