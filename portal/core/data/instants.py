"""Times of day and lengths of time in queries, as arithmetic of the database itself.

Django's own functions for it are Python on SQLite, which costs microseconds for each row.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Case, F, FloatField, Func, IntegerField, Q, Value, When
from django.db.models.expressions import CombinedExpression

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Epoch(Func):
    """The seconds from 1970 to a time, with their fractions."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "((julianday(%(expressions)s) - 2440587.5) * 86400.0)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "EXTRACT(EPOCH FROM %(expressions)s)::double precision"
        return self.as_sql(compiler, connection, template=template, **extra)


class WholeEpoch(Func):
    """The same without fractions."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **extra)


def seconds_after(
    hour: int, name: str, zone: tzinfo, since: datetime, until: datetime
) -> CombinedExpression:
    """How many seconds before the column's time it was last so many o'clock in the zone.

    As the clocks went from `since` to `until`; what lies outside goes by the nearest of them.
    """
    (_, offset), *changes = offsets(zone, since, until)
    less = 3600 * hour
    later = [When(Q(**{f"{name}__gte": at}), then=shift - less) for at, shift in changes[::-1]]
    shift = Case(*later, default=Value(offset - less)) if later else Value(offset - less)
    return (WholeEpoch(F(name)) + shift) % Value(86_400)


def offsets(zone: tzinfo, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """From when on clocks of the zone are so many seconds ahead of UTC, from `since` on."""
    found, at = [(since, _offset(zone, since))], since
    while at < until:
        later = min(at + DAY, until)
        if _offset(zone, later) != found[-1][1]:
            change = _change(zone, at, later)
            found.append((change, _offset(zone, change)))
        at = later
    return found


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The second in which the clocks change, of which there is one in between."""
    while after - before > SECOND:
        middle = before + (after - before) / 2
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _offset(zone: tzinfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset else 0
