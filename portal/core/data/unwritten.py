"""What was read from the database, kept for as long as nobody writes to it."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

MARKS = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}


class WhileUnwritten:
    """The answer of `read()`, each thread its own, until anything was written by anybody.

    In a transaction it is read each time: what the transaction wrote may be taken back.
    """

    def __init__(self, read: Callable[[], Any]):
        self.read, self.kept = read, threading.local()

    def __call__(self) -> Any:
        mark = mark_of_database()
        if mark is None:
            return self.read()
        if getattr(self.kept, "mark", None) != mark:
            answer = self.read()
            self.kept.mark, self.kept.answer = mark, answer
        return self.kept.answer


def mark_of_database() -> tuple | None:
    """Another one after each write that this connection can see; None in a transaction.

    PostgreSQL counts what was written to any database of the server.

    SQLite counts what other connections wrote, and apart from that what this one did.
    """
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(MARKS[connection.vendor])
        (mark,) = cursor.fetchone()
    opened: Any = connection.connection  # another one counts anew
    return opened, mark, getattr(opened, "total_changes", 0)
