"""Expressions that SQLite and PostgreSQL spell differently, and queries compiled once."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Model, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

SEPARATOR = "\x1f"  # ASCII's unit separator: `str.split()` splits there too, and titles lack it


class JoinedText(Aggregate):
    """All values of a group in one text, with SEPARATOR between them."""

    name = "JoinedText"
    output_field = TextField()
    template = "%(function)s(%(expressions)s, %(character)s(31))"

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        postgresql = connection.vendor == "postgresql"
        extra["function"] = "STRING_AGG" if postgresql else "GROUP_CONCAT"
        extra["character"] = "CHR" if postgresql else "CHAR"
        return super().as_sql(compiler, connection, **extra)


def joined(rows: Any, expression: Any, *, owner: str, outer: str = "pk") -> Coalesce:
    """A subquery for `annotate`: `expression` of all `rows` whose `owner` is the outer row.

    Read a small to-many relation with its parent in one query; split the text at SEPARATOR.
    """
    mine = rows.filter(**{owner: OuterRef(outer)}).order_by().values(owner)
    texts = mine.annotate(_joined=JoinedText(expression)).values("_joined")
    return Coalesce(Subquery(texts), Value(""), output_field=TextField())


MOST_PARAMETERS = 32_766  # of a statement, that SQLite takes
MOST_SHAPES = 256  # of one query: what requests choose must not fill the memory


class Prepared:
    """A `values_list()` query that is put together once for each shape and then only run.

    `build(*shape, **parameters)` makes the query from any parameters of the same types; they may
    stand only where a value is compared. For queries that run on nearly every request, where
    Django's own work is several times that of the database. Shapes that were not asked for lately
    are forgotten.
    """

    def __init__(self, build: Callable[..., QuerySet], *, shapes: int = MOST_SHAPES):
        self.build = build
        self.plan = lru_cache(maxsize=shapes)(self._plan)

    def __call__(self, *shape: Any, **parameters: str | int | date) -> list[tuple]:
        kinds = tuple((name, type(value)) for name, value in parameters.items())
        sql, slots, compiler, converters = self.plan(connection.vendor, shape, kinds)
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [_sent(parameters[slot]) if named else slot for slot, named in slots]
            )
            rows = cursor.fetchall()
        return list(compiler.apply_converters(rows, converters)) if converters else rows

    def _plan(self, vendor: str, shape: tuple, kinds: tuple[tuple[str, type], ...]) -> tuple:
        marks = {name: _mark(n, kind) for n, (name, kind) in enumerate(kinds)}
        query = self.build(*shape, **marks).query
        compiler = query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        names = {_sent(mark): name for name, mark in marks.items()}
        slots = [(names[value], True) if value in names else (value, False) for value in values]
        selected = [expression for expression, _, _ in compiler.select]
        return sql, slots, compiler, compiler.get_converters(selected)


def _mark(number: int, kind: type) -> str | int | date:
    """A value that nobody uses, by which a parameter is found again in the finished query."""
    if issubclass(kind, datetime):
        return datetime(1000, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if issubclass(kind, date):
        return date(1000, 1, 1) + timedelta(days=number)
    return -(10**15) - number if issubclass(kind, int) else f"\x02parameter {number}\x02"


def _sent(value: str | int | date) -> Any:
    """The value as the database's driver gets it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def columns_of(model: type[Model], through: str = "") -> tuple[str, ...]:
    """What `values_list` has to read so that `row_of` makes whole rows; `through` a foreign key."""
    prefix = f"{through}__" if through else ""
    return tuple(f"{prefix}{field.attname}" for field in model._meta.concrete_fields)


def row_of(model: type[Model], values: tuple) -> Any:
    """An instance made of the values of `columns_of`, as if the ORM had read it."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, values)


def update_rows(model: type[Model], rows: Iterable[Any], names: Iterable[str]) -> None:
    """Write these columns of many rows, each with its own values, in one go, in this order.

    As `bulk_update`, whose statement grows with the square of what it holds.
    """
    fields: Any = [model._meta.get_field(name.removesuffix("_id")) for name in names]
    values = [
        [
            *(each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields),
            row.pk,
        ]
        for row in rows
    ]
    if values:
        quote = connection.ops.quote_name
        columns = ", ".join(f"{quote(each.column)} = %s" for each in fields)
        sql = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


@contextmanager
def many_at_once() -> Iterator[None]:
    """Let `bulk_create` send as much as SQLite takes: Django 5.2 still cuts statements at 999
    parameters, and SQLite takes 32,766 since 3.32.
    """
    features: Any = connection.features
    before = features.max_query_params
    if connection.vendor == "sqlite":
        features.max_query_params = MOST_PARAMETERS
    try:
        yield
    finally:
        features.max_query_params = before


class Columns:
    """Columns of one table in a row of `values_list`, and the instance that they make.

    `through` are the foreign keys that lead there. What is not in `only` is read when asked for.
    """

    def __init__(self, model: type[Model], through: str = "", *, only: tuple[str, ...] = ()):
        names = [field.attname for field in model._meta.concrete_fields]
        self.model, self.names = model, [name for name in names if not only or name in only]
        self.paths = [f"{through}__{name}" if through else name for name in self.names]
        self.key = self.names.index("id")

    def made(self, values: tuple) -> Any:
        """The instance; None where an outer join found none."""
        if values[self.key] is None:
            return None
        return self.model.from_db(connection.alias, self.names, values)

    @staticmethod
    def paths_of(parts: Iterable["Columns"]) -> list[str]:
        return [path for part in parts for path in part.paths]

    @staticmethod
    def split(parts: Iterable["Columns"], row: tuple) -> list[Any]:
        """The instances of a row that was read by `paths_of` the same parts."""
        made, at = [], 0
        for part in parts:
            end = at + len(part.names)
            made.append(part.made(row[at:end]))
            at = end
        return made
