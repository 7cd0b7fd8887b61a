"""The one clock by which engines on several machines agree: that of the database."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func
from django.utils import timezone


def now() -> datetime:
    """The time on PostgreSQL's machine; with SQLite, whose engines share a machine, on this one."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")  # now() stands still in a transaction
        (at,) = cursor.fetchone()
    return at


class DatabaseTime(Func):
    """The same in a query that is asked anyway; NULL on SQLite, which asks this machine."""

    function = "clock_timestamp"
    output_field = DateTimeField(null=True)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return "NULL", []
