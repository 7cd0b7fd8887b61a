"""Expressions that SQLite and PostgreSQL spell differently, and queries compiled once."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Aggregate, Model, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.db.models.sql import UpdateQuery

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
    are forgotten. `locks`: the model whose rows nobody else may write until the transaction ends.
    """

    def __init__(
        self,
        build: Callable[..., Any],
        *,
        shapes: int = MOST_SHAPES,
        locks: type[Model] | None = None,
    ):
        self.build, self.locks = build, locks
        self.plan = lru_cache(maxsize=shapes)(self._plan)

    def __call__(self, *shape: Any, **parameters: str | int | date | UUID) -> list[tuple]:
        sql, sent, compiler, converters = self._filled(shape, parameters)
        with connection.cursor() as cursor:
            cursor.execute(sql, sent)
            rows = cursor.fetchall()
        return list(compiler.apply_converters(rows, converters)) if converters else rows

    def _filled(self, shape: tuple, parameters: dict[str, Any]) -> tuple:
        kinds = tuple((name, type(value)) for name, value in parameters.items())
        sql, slots, *more = self.plan(connection.vendor, shape, kinds)
        sent = [_sent(parameters[slot]) if named else slot for slot, named in slots]
        return sql, sent, *more

    def _plan(self, vendor: str, shape: tuple, kinds: tuple[tuple[str, type], ...]) -> tuple:
        marks = {name: _mark(n, kind) for n, (name, kind) in enumerate(kinds)}
        sql, values, *more = self._compiled(self.build(*shape, **marks))
        names = {_sent(mark): name for name, mark in marks.items()}
        slots = [(names[value], True) if value in names else (value, False) for value in values]
        return sql, slots, *more

    def _compiled(self, built: Any) -> tuple:
        compiler = built.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        if self.locks and connection.features.has_select_for_update_of:
            sql += f" FOR UPDATE OF {connection.ops.quote_name(self.locks._meta.db_table)}"
        selected = [expression for expression, _, _ in compiler.select]
        return sql, values, compiler, compiler.get_converters(selected)


class PreparedUpdate(Prepared):
    """An `update()` that is put together once for each shape.

    `build` returns the rows, and by the name of a column what is written. The call returns how
    many rows there were. The rows are those of one table: a foreign key is not followed.
    """

    def __call__(self, *shape: Any, **parameters: str | int | date | UUID) -> int:  # type: ignore[override]
        sql, sent = self._filled(shape, parameters)
        with connection.cursor() as cursor:
            cursor.execute(sql, sent)
            return cursor.rowcount

    def _compiled(self, built: Any) -> tuple:
        rows, values = built
        query = rows.order_by().query.chain(UpdateQuery)
        query.add_update_values(values)
        return query.get_compiler(connection=connection).as_sql()


def _mark(number: int, kind: type) -> str | int | date | UUID:
    """A value that nobody uses, by which a parameter is found again in the finished query."""
    if issubclass(kind, UUID):
        return UUID(int=number)
    if issubclass(kind, datetime):
        return datetime(1000, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if issubclass(kind, date):
        return date(1000, 1, 1) + timedelta(days=number)
    return -(10**15) - number if issubclass(kind, int) else f"\x02parameter {number}\x02"


def _sent(value: str | int | date | UUID) -> Any:
    """The value as the database's driver gets it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
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
    values = [[*_stored(row, fields), row.pk] for row in rows]
    sql = _change(connection.vendor, model, tuple(field.column for field in fields))
    with connection.cursor() as cursor:
        if len(values) == 1:  # psycopg sets up a pipeline for many
            cursor.execute(sql, values[0])
        elif values:
            cursor.executemany(sql, values)


def insert_row(row: Any, *, keyed: bool = False) -> None:
    """Store a new row that nobody has to hear of; without its key, unless that is asked for."""
    model: Any = type(row)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        sql = _insertion(connection.vendor, model)
        cursor.execute(f"{sql} RETURNING id" if keyed else sql, _stored(row, fields))
        if keyed:
            (row.pk,) = cursor.fetchone()
            row._state.adding = False


def _stored(row: Any, fields: Iterable[Any]) -> list:
    """Values as the database's driver gets them."""
    own = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up each time that it is named
    return [each.get_db_prep_save(getattr(row, each.attname), own) for each in fields]


@lru_cache(maxsize=64)
def _change(vendor: str, model: type[Model], columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(column)} = %s" for column in columns)
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE id = %s"  # noqa: S608


@lru_cache(maxsize=16)
def _insertion(vendor: str, model: type[Model]) -> str:
    quote = connection.ops.quote_name
    fields: Any = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608


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
        self.key = self.names.index(model._meta.pk.attname)

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
