"""The one clock by which engines on several machines agree: that of the database."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The time on PostgreSQL's machine; with SQLite, whose engines share a machine, on this one."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")  # now() stands still in a transaction
        (at,) = cursor.fetchone()
    return at
