"""Keyset pagination: a page costs the same wherever it is, and new rows shift nothing."""

import re
from dataclasses import dataclass

import orjson
from django.core import signing
from django.db.models import F, Q
from django.utils.functional import SimpleLazyObject
from rest_framework.exceptions import ValidationError

DEFAULT, MOST = 50, 200
# No time in it: the same page has the same tag. Lazy: before the first start there is no key.
SIGNER = SimpleLazyObject(lambda: signing.Signer(salt="cursor"))
LIMIT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Ordering:
    """A named order: the columns it sorts by; the primary key is added, so none are equal.

    Columns may be null: nulls come last, in both directions, on both databases.
    """

    columns: tuple[str, ...]
    descending: bool = False
    nullable: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.columns, "pk")


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursors of its neighbours (None at an end)."""

    rows: list
    next: str | None
    previous: str | None


def limit_of(params) -> int:
    """`limit` of a query string: at most MOST, DEFAULT if it is not given."""
    text = params.get("limit", "")
    if not text:
        return DEFAULT
    if not LIMIT.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise ValidationError({"limit": f"Use a number from 1 to {MOST}."})
    return int(text)


def paginate(rows, ordering: Ordering, name: str, params) -> Page:
    """One page of `rows`: a `values()` queryset that includes the ordering's keys, or a
    `values_list()` queryset that begins with them.
    """
    limit = limit_of(params)
    cursor = _read(params.get("cursor", ""), name, len(ordering.keys))
    backwards = bool(cursor and cursor["back"])
    if cursor:
        rows = rows.filter(_beyond(ordering, cursor["at"], backwards))
    found = list(ordered(rows, ordering, backwards)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    has_next = backwards or more
    has_previous = more if backwards else bool(cursor)
    return Page(
        found,
        _write(found[-1], ordering, name, back=False) if found and has_next else None,
        _write(found[0], ordering, name, back=True) if found and has_previous else None,
    )


def first_page(found: list, ordering: Ordering, name: str, limit: int) -> Page:
    """The first page, of `limit + 1` rows that begin with the ordering's keys."""
    rows = found[:limit]
    more = len(found) > limit
    return Page(rows, _write(rows[-1], ordering, name, back=False) if more else None, None)


def sliced(items: list, name: str, params) -> Page:
    """One page of what was computed as a whole; its order is that of the list."""
    limit, cursor = limit_of(params), _read(params.get("cursor", ""), name, 1)
    begin = cursor["at"][0] if cursor else 0
    after = begin + limit if begin + limit < len(items) else None
    before = max(begin - limit, 0) if begin else None
    return Page(items[begin : begin + limit], _place(name, after), _place(name, before))


def _place(name: str, at: int | None) -> str | None:
    return None if at is None else _signed(name, [at], back=False)


def link_header(request, page: Page) -> str:
    """The first page and the neighbours of a page as `Link` (RFC 8288); empty if it is alone."""
    if not (page.next or page.previous):
        return ""
    cursors = {"first": "", "next": page.next, "prev": page.previous}
    addresses = {relation: address(request, cursor) for relation, cursor in cursors.items()}
    return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in addresses.items() if url)


def address(request, cursor: str | None) -> str | None:
    """Where the page of this cursor is, the first one for none; None if there is no page."""
    if cursor is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    if not cursor:
        del query["cursor"]
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}".rstrip("?"))


def ordered(rows, ordering: Ordering, backwards: bool = False):
    """The rows in this order."""
    return rows.order_by(*_order(ordering, backwards))


def _order(ordering: Ordering, backwards: bool) -> list:
    down = ordering.descending != backwards
    first = {"nulls_first": True} if backwards else {"nulls_last": True}
    nulls = first if ordering.nullable else {}
    columns = [F(name).desc(**nulls) if down else F(name).asc(**nulls) for name in ordering.columns]
    return [*columns, "-pk" if down else "pk"]


def _beyond(ordering: Ordering, at: list, backwards: bool) -> Q:
    """What comes after (or before) a row: column by column, equal so far and then beyond."""
    found, equal = Q(), Q()
    for name, value in zip(ordering.keys, at, strict=True):
        found |= equal & _past(ordering, name, value, backwards)
        equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    return found & _bound(ordering, at[0], backwards)


def _bound(ordering: Ordering, value, backwards: bool) -> Q:
    """What follows from the rest, said so that an index on the first column starts there."""
    if ordering.nullable:
        return Q()
    down = ordering.descending != backwards
    return Q(**{f"{ordering.keys[0]}__{'lte' if down else 'gte'}": value})


def _past(ordering: Ordering, name: str, value, backwards: bool) -> Q:
    down = ordering.descending != backwards
    if value is None:  # nulls are last: everything else is before them
        return Q(**{f"{name}__isnull": False}) if backwards else Q(pk__in=())
    past = Q(**{f"{name}__{'lt' if down else 'gt'}": value})
    if ordering.nullable and name != "pk" and not backwards:
        past |= Q(**{f"{name}__isnull": True})
    return past


def _write(row: dict | tuple, ordering: Ordering, name: str, *, back: bool) -> str:
    keys = ordering.keys
    at = [row[key] for key in keys] if isinstance(row, dict) else row[: len(keys)]
    return _signed(name, orjson.loads(orjson.dumps(at)), back=back)


def _signed(name: str, at: list, *, back: bool) -> str:
    return SIGNER.sign_object({"o": name, "back": back, "at": at}, compress=True)


def _read(text: str, name: str, length: int) -> dict | None:
    if not text:
        return None
    try:
        cursor = SIGNER.unsign_object(text)
    except signing.BadSignature:
        cursor = {}
    if cursor.get("o") != name or len(cursor.get("at", ())) != length:
        raise ValidationError(
            {"cursor": "This cursor is not of this list and order. Start again without it."}
        )
    return cursor
