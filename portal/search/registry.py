"""What the apps offer to the one search: each declares its kinds in its own `search.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from portal.accounts.models import Team


@dataclass(frozen=True)
class Text:
    """What the index keeps of a row: what is found, and what a result shows of it."""

    title: str
    names: Iterable[str] = ()  # addresses, alerts, topics: they weigh more than the body
    body: str = ""
    line: str = ""  # what it is for, in one line
    about: str = ""  # what sort of its kind it is, in a word or two
    facts: dict[str, str] = field(default_factory=dict)  # members of its own in the API
    is_published: bool = True
    is_current: bool = True  # the search leaves out the rest; lists may ask for it


@dataclass(frozen=True)
class Filter:
    """A select on the search page. `choices` returns (value, label); `values` if they are fixed."""

    name: str
    label: str
    choices: Callable[[], Iterable[tuple[str, str]]]
    about: str = ""  # in the document of the API
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One sort of entry. Names are of small letters alone: they are words of the index."""

    name: str
    label: str
    plural: str
    icon: str
    rows: Callable[[], QuerySet]  # with all that `text` reads
    text: Callable[[Any], Text]
    address: Callable[[str], str]  # from a slug
    permission: str  # who sees what is published
    unpublished: str  # who sees the rest
    filters: Mapping[Filter, str] = field(default_factory=dict)  # to a lookup of the model
    slug: Callable[[Any], str] | None = None  # where rows have no `slug` by which they are found
    seen: Callable[[Any], QuerySet] | None = None  # by a user; instead of the two permissions
    yields: Callable[[int], QuerySet] | None = None  # rows of a kind that stand before a key of it
    state: Callable[[Iterable[str]], Mapping[str, str]] | None = None  # of slugs, as it is now
    is_followed: bool = False  # below the search, nobody puts it: the engine compares

    @property
    def model(self) -> type[Model]:
        return self.rows().model

    @property
    def area(self) -> str:
        """The part of a token's scopes that it belongs to."""
        return self.permission.partition(".")[0]

    def is_for(self, user) -> bool:
        """Whether this person may see something of it."""
        return (
            any(map(user.has_perm, _permissions())) if self.seen else user.has_perm(self.permission)
        )

    def slug_of(self, row) -> str:
        return self.slug(row) if self.slug else row.slug

    def lookup(self, name: str) -> str | None:
        """The lookup of a filter; None if rows of this kind do not have it."""
        return next((found for each, found in self.filters.items() if each.name == name), None)


OWNER = Filter(
    "owner",
    "Owner",
    lambda: Team.objects.values_list("slug", "name"),
    about="Slug of the owner team",
)

_kinds: dict[str, Kind] = {}
_by_model: dict[type[Model], Kind] = {}


def register(kind: Kind) -> None:
    if not (kind.name.isascii() and kind.name.isalpha() and kind.name.islower()):
        raise ValueError(f"{kind.name}: the name of a kind has small letters only.")
    if kind.name in _kinds:
        raise ValueError(f"{kind.name} is registered already.")
    _kinds[kind.name] = _by_model[kind.model] = kind


def kinds() -> list[Kind]:
    """All kinds, in the order of the apps."""
    return list(_kinds.values())


def kind(name: str) -> Kind:
    return _kinds[name]


def kind_of(row: Model) -> Kind:
    return kind_of_model(type(row))


def kind_of_model(model: type[Model]) -> Kind:
    return _by_model[model]


def _permissions() -> list[str]:
    """Of whoever has none of them nothing is found at all."""
    return [each.permission for each in _kinds.values() if not each.seen]


def kinds_for(user, *, token=None) -> list[Kind]:
    """Those of which this person may see something, within the scopes of their token."""
    return [
        each
        for each in _kinds.values()
        if each.is_for(user) and (not token or token.allows(each.area, write=False))
    ]


def filters() -> list[Filter]:
    """Each filter of any kind, once."""
    return list(dict.fromkeys(each for kind in _kinds.values() for each in kind.filters))
