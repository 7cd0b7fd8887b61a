"""Expressions that SQLite and PostgreSQL spell differently, and queries compiled once."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

SEPARATOR = "\x1f"  # ASCII's unit separator: `str.split()` splits there too, and titles lack it
MOST_SHAPES = 64  # of one prepared query


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


class Prepared:
    """A `values_list()` query that is put together once for each shape and then only run.

    `build(*shape, **parameters)` makes the query from any parameters of the same types; they may
    stand only where a value is compared. For queries that run on nearly every request, where
    Django's own work is several times that of the database. At most MOST_SHAPES are kept: the
    oldest goes, so that no request makes the process grow.
    """

    def __init__(self, build: Callable[..., QuerySet]):
        self.build = build
        self.plans: dict[tuple, tuple] = {}
        self.lock = Lock()

    def __call__(self, *shape: Any, **parameters: str | int) -> list[tuple]:
        key = (connection.vendor, shape)
        plan = self.plans.get(key)
        if plan is None:
            plan = self._plan(shape, parameters)
            self._keep(key, plan)
        sql, slots, compiler, converters = plan
        with connection.cursor() as cursor:
            cursor.execute(sql, [parameters[slot] if named else slot for slot, named in slots])
            rows = cursor.fetchall()
        return list(compiler.apply_converters(rows, converters)) if converters else rows

    def _keep(self, key: tuple, plan: tuple) -> None:
        with self.lock:
            if len(self.plans) >= MOST_SHAPES:
                del self.plans[next(iter(self.plans))]
            self.plans[key] = plan

    def _plan(self, shape: tuple, parameters: dict) -> tuple:
        marks = {name: _mark(n, value) for n, (name, value) in enumerate(parameters.items())}
        query = self.build(*shape, **marks).query
        compiler = query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        names = {mark: name for name, mark in marks.items()}
        slots = [(names[value], True) if value in names else (value, False) for value in values]
        selected = [expression for expression, _, _ in compiler.select]
        return sql, slots, compiler, compiler.get_converters(selected)


def _mark(number: int, value: str | int) -> str | int:
    """A value that nobody uses, by which a parameter is found again in the finished query."""
    return -(10**15) - number if isinstance(value, int) else f"\x02parameter {number}\x02"
