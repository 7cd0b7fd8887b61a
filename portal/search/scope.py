"""What somebody may find and asked for, as a condition that the database counts with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL

from . import registry
from .engines import engine
from .models import Entry
from .registry import Kind

FEW = 2000
KEY = RawSQL("e.key", ())


@dataclass(frozen=True)
class Scope:
    """`condition` stands for rows `e` of search_entry; who may see is in each of them.

    Nothing is left out after the query, so no number tells of what somebody may not see.
    """

    kinds: tuple[str, ...]
    condition: str
    parameters: tuple[Any, ...]

    @classmethod
    def of(
        cls,
        user,
        *,
        kinds: Iterable[str] | None = None,
        filters: Mapping[str, Sequence[str]] | None = None,
        archived: bool = False,
    ) -> "Scope | None":
        """None where this person may find nothing at all."""
        chosen = {name: list(values) for name, values in (filters or {}).items() if values}
        wanted = None if kinds is None else set(kinds)
        found = [
            kind
            for kind in registry.kinds()
            if (wanted is None or kind.name in wanted)
            and all(kind.lookup(name) for name in chosen)
            and kind.is_for(user)
        ]
        return cls._of(found, user, chosen, archived) if found else None

    @classmethod
    def _of(cls, kinds: list[Kind], user, chosen: dict[str, list[str]], archived: bool) -> "Scope":
        names = tuple(kind.name for kind in kinds)
        permissions = held(kinds, user)
        condition = f"e.kind IN ({_marks(names)}) AND e.permission IN ({_marks(permissions)})"
        parameters: list[Any] = [*names, *permissions]
        for kind in kinds:
            if kind.seen:
                sql, values = _own(kind, user)
                condition += f" AND ({sql})"
                parameters += values
        if not archived:
            condition += " AND e.is_current"
        if chosen:
            narrowed = [_narrowed(kind, chosen) for kind in kinds]
            condition += f" AND ({' OR '.join(sql for sql, _ in narrowed)})"
            parameters += [value for _, values in narrowed for value in values]
        return cls(names, condition, tuple(parameters))

    def of_kinds(self, expression: str) -> str:
        """The expression of the index, bound to the kinds where there are few of them."""
        is_whole = len(self.kinds) == len(registry.kinds())
        bound = None if is_whole else engine().of_kinds(expression, self.kinds)
        return bound if bound and self.has_few else expression

    @cached_property
    def has_few(self) -> bool:
        """Whether the kinds have so few entries that they are better read than the words."""
        few = Entry.objects.filter(kind__in=self.kinds).order_by()[: FEW + 1]
        return few.count() <= FEW


def held(kinds: Iterable[Kind], user) -> list[str]:
    """Of kinds that this person may see: the permissions by which they find entries."""
    kinds = list(kinds)
    found = {kind.permission for kind in kinds}
    return sorted(found | {kind.unpublished for kind in kinds if user.has_perm(kind.unpublished)})


def seen(user) -> models.QuerySet[Entry]:
    """All entries that this person may find, archived ones included."""
    kinds = registry.kinds_for(user)
    names = [kind.name for kind in kinds]
    rows = Entry.objects.filter(kind__in=names, permission__in=held(kinds, user))
    for kind in kinds:
        if kind.seen:
            own = kind.seen(user).order_by().values("pk")
            rows = rows.exclude(~models.Q(key__in=own), kind=kind.name)
    return rows


def _marks(values: Iterable) -> str:
    return ", ".join("%s" for _ in values)


def _own(kind: Kind, user) -> tuple[str, list]:
    """Of a kind those that this person sees, as a condition and its parameters; of others all."""
    assert kind.seen is not None
    sql, parameters = kind.seen(user).order_by().values("pk").filter(pk=KEY).query.sql_with_params()
    return f"e.kind <> %s OR EXISTS ({sql})", [kind.name, *parameters]


def _narrowed(kind: Kind, chosen: dict[str, list[str]]) -> tuple[str, list]:
    """The rows of a kind that have what was chosen, as a condition and its parameters.

    It is asked for each entry that is found: of all that have it the database would make a list.
    """
    rows = kind.model._default_manager.order_by().values("pk").filter(pk=KEY)
    for name, values in chosen.items():
        rows = rows.filter(**{f"{kind.lookup(name)}__in": values})
    sql, parameters = rows.query.sql_with_params()
    return f"(e.kind = %s AND EXISTS ({sql}))", [kind.name, *parameters]
