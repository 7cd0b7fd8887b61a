"""One declaration of a row of the API: columns, document and `fields=` come from it.

    class TeamSerializer(Row):
        slug = member(serializers.SlugField(), "slug")
        name = member(serializers.CharField(help_text="As people know it."), "name")
        url = member(serializers.CharField(), "slug", made=page_of)

A query always selects the same columns, whatever `fields=` says, so that there are few of them to
prepare; what nobody asked for is dropped when the row is shown. Only `heavy` columns, such as
texts, are read by those who ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar

from rest_framework import serializers

from .etags import of_row
from .fields import chosen

Read = Callable[[tuple], dict]


@dataclass(frozen=True)
class Member:
    """Where a member comes from: as a column is, or `made` of several."""

    columns: tuple[str, ...]
    made: Callable | None = None
    heavy: bool = False
    usual: bool = True  # False: only for who names it in `fields=`


def member(field: serializers.Field, *columns: str, **more: Any) -> Any:
    """The field as a member that is read from these columns; `more` as in Member."""
    field.read_from = Member(columns, **more)  # type: ignore[attr-defined]
    return field


class Row(serializers.Serializer):
    """What the API says of a row. Fields that are no `member` are added by who answers."""

    read_from: ClassVar[dict[str, Member]] = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        fields = cls._declared_fields
        cls.read_from = {
            name: field.read_from for name, field in fields.items() if hasattr(field, "read_from")
        }

    @classmethod
    def annotated(cls, rows):
        """The query with the columns that are no columns of its table."""
        return rows

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """All that can be asked for, in their usual order."""
        return tuple(cls._declared_fields)

    @classmethod
    def usual(cls) -> tuple[str, ...]:
        """What is answered where nobody says `fields=`."""
        return tuple(
            name for name in cls.names() if name not in cls.read_from or cls.read_from[name].usual
        )

    @classmethod
    def chosen(cls, params) -> tuple[str, ...]:
        """The members that `fields=` and `omit=` ask for; an unknown name is an error (400)."""
        if "fields" not in params and "omit" not in params:
            return cls.usual()
        return chosen(params, cls.names(), default=cls.usual())

    @classmethod
    def columns(cls, names: tuple[str, ...] = (), keys: tuple[str, ...] = ()) -> tuple[str, ...]:
        """What a query selects: `keys`, all that is light, and what is heavy of these names."""
        return _columns(cls, cls.heavy(names), keys)

    @classmethod
    def heavy(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these members whose columns are read only when they are asked for."""
        return tuple(name for name, each in cls.read_from.items() if each.heavy and name in names)

    @classmethod
    def values(cls, rows, names: tuple[str, ...] = (), keys: tuple[str, ...] = ()):
        """A `values_list()` query of `columns(names, keys)`."""
        return cls.annotated(rows).values_list(*cls.columns(names, keys))

    @classmethod
    def reader(cls, names: tuple[str, ...], keys: tuple[str, ...] = ()) -> Read:
        """A function that shows these members of a row of `values(rows, names, keys)`."""
        return _reader(cls, names, keys)

    @classmethod
    def all(cls, rows, names: tuple[str, ...] | None = None) -> list[dict]:
        """These rows as programs see them."""
        names = cls.usual() if names is None else names
        return [*map(cls.reader(names), cls.values(rows, names))]

    @classmethod
    def of(cls, instance) -> dict:
        """The usual members of an instance that has the columns, over relations that it loaded."""
        names = cls.usual()
        row = tuple(_column(instance, column) for column in cls.columns(names))
        return cls.reader(names)(row)


class TaggedRow(Row):
    """A row with the member `etag`: of all that its usual members show, as its header says it.

    So it changes with what the revision does not count: names of people, a state by the clock.
    """

    @classmethod
    def reader(cls, names: tuple[str, ...], keys: tuple[str, ...] = ()) -> Read:
        read = super().reader(names, keys)
        if "etag" not in names:
            return read
        whole = super().reader(cls.usual(), keys)

        def tagged(row: tuple) -> dict:
            shown = whole(row)
            return read(row) | {"etag": of_row(shown["etag"], shown)}

        return tagged


def _column(instance, column: str):
    for name in column.split("__"):
        instance = None if instance is None else getattr(instance, name)
    return instance


@lru_cache(maxsize=512)
def _columns(of: type[Row], heavy: tuple[str, ...], keys: tuple[str, ...]) -> tuple[str, ...]:
    read = [each for name, each in of.read_from.items() if not each.heavy or name in heavy]
    return tuple(dict.fromkeys([*keys, *(column for each in read for column in each.columns)]))


@lru_cache(maxsize=512)
def _reader(of: type[Row], names: tuple[str, ...], keys: tuple[str, ...]) -> Read:
    """The plain members in one step, so that a row costs hardly more than the dict it becomes."""
    at = {column: number for number, column in enumerate(of.columns(names, keys))}
    names = tuple(name for name in names if name in of.read_from)
    plain = _picked([at[of.read_from[name].columns[0]] for name in names])
    made = [
        (name, each.made, _picked([at[column] for column in each.columns]))
        for name in names
        if (each := of.read_from[name]).made
    ]

    def read(row: tuple) -> dict:
        found = dict(zip(names, plain(row), strict=True))
        for name, make, picked in made:
            found[name] = make(*picked(row))
        return found

    return read


def _picked(numbers: list[int]) -> Callable[[tuple], tuple]:
    """These places of a row, also of one or none, for which itemgetter gives no tuple."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda row: tuple(row[number] for number in numbers)
