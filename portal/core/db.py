"""Database expressions that SQLite and PostgreSQL spell differently."""

from typing import Any

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce


class JoinedText(Aggregate):
    """All values of a group in one text, separated by a space."""

    name = "JoinedText"
    output_field = TextField()
    template = "%(function)s(%(expressions)s, ' ')"

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        function = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
        return super().as_sql(compiler, connection, function=function, **extra)


def joined(rows: QuerySet, expression: Any, *, owner: str, outer: str = "pk") -> Coalesce:
    """A subquery for `annotate`: `expression` of all `rows` whose `owner` is the outer row.

    Read a small to-many relation with its parent in one query; split the text at spaces.
    """
    mine = rows.filter(**{owner: OuterRef(outer)}).order_by().values(owner)
    texts = mine.annotate(_joined=JoinedText(expression)).values("_joined")
    return Coalesce(Subquery(texts), Value(""), output_field=TextField())
