"""Rows that were made once and are inserted again, in place of making them anew for each test."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from portal.accounts.models import User

Table = tuple[str, ...]  # its name, and those of its columns
Rows = dict[Table, list[tuple]]


class Added:
    """The rows that a test added to a table. Of its cells, some tell when they were made."""

    def __init__(self, table: Table, rows: list[tuple], began: datetime, ended: datetime):
        name, *columns = table
        names = ", ".join(map(connection.ops.quote_name, columns))
        places = ", ".join(["%s"] * len(columns))
        self.insertion = f'INSERT INTO "{name}" ({names}) VALUES ({places})'
        self.rows = [[written(cell) for cell in row] for row in rows]
        self.moving = [
            (row, place)
            for row, cells in enumerate(self.rows)
            for place, cell in enumerate(cells)
            if isinstance(cell, datetime) and began <= cell.replace(tzinfo=UTC) <= ended
        ]

    def insert(self, cursor, since: timedelta) -> None:
        """The times at which they were made move with the clock; all else stays as it is."""
        rows = [[*cells] for cells in self.rows] if self.moving else self.rows
        for row, place in self.moving:
            rows[row][place] += since
        cursor.executemany(self.insertion, rows)


def written(cell):
    """As sqlite3 takes it: it reads a time of the day, and does not write it."""
    return str(cell) if isinstance(cell, time) else cell


@dataclass
class Made:
    """What was added to the database by one test, which rolled it back, and the files of it."""

    added: list[Added]
    files: dict[str, bytes]
    ended: datetime

    def insert(self) -> None:
        """Again, as if made now, with the same keys: they must be free."""
        since = timezone.now() - self.ended
        with connection.cursor() as cursor:
            for each in self.added:
                each.insert(cursor, since)
        for name, content in self.files.items():
            default_storage.delete(name)  # others may have written another one
            default_storage.save(name, ContentFile(content))


def once(kept: dict[tuple, Made], name: tuple, make) -> None:
    """Call `make` the first time, and copy what it made when the database stands as it did then.

    PostgreSQL gives no key twice, and rows that are committed are not taken back: there, call it.
    """
    if connection.vendor != "sqlite" or not connection.in_atomic_block:
        make()
        return
    key = (name, *standing())
    if key in kept:
        kept[key].insert()
    else:
        kept[key] = made_by(make)


def standing() -> tuple[frozenset, tuple]:
    """The last key of every table, by which rows that come next are told, and the people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0")
        keys = frozenset(cursor.fetchall())
    people = User.objects.order_by("pk").values_list("pk", "username", "email", "is_active")
    return keys, tuple(people)


def made_by(make) -> Made:
    """Call `make`, which adds rows and changes none there are, and note what it added."""
    before, began = all_rows(), timezone.now()
    files = [row.path for row in make() or ()]
    after, ended = all_rows(), timezone.now()
    assert [name for name in before if not set(before[name]) <= set(after[name])] == []
    rows = {name: sorted(set(after[name]) - set(before[name])) for name in after}
    added = [Added(name, new, began, ended) for name, new in rows.items() if new]
    return Made(added, read(files), ended)


def all_rows() -> Rows:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        return dict(rows_of(cursor, table) for table in sorted(tables))


def rows_of(cursor, table: str) -> tuple[Table, list[tuple]]:
    cursor.execute(f'SELECT * FROM "{table}"')
    return (table, *(column[0] for column in cursor.description)), cursor.fetchall()


def read(names) -> dict[str, bytes]:
    found = {}
    for name in names:
        with default_storage.open(name) as file:
            found[name] = file.read()
    return found
