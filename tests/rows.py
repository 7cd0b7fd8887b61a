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


@dataclass
class Made:
    """What was added to the database by one test, which rolled it back, and the files of it."""

    rows: Rows
    files: dict[str, bytes]
    began: datetime
    ended: datetime

    def insert(self) -> None:
        """Again, as if made now, with the same keys: they must be free."""
        since = timezone.now() - self.ended
        with connection.cursor() as cursor:
            for (table, *columns), rows in self.rows.items():
                places = ", ".join(["%s"] * len(columns))
                names = ", ".join(map(connection.ops.quote_name, columns))
                told = [[self.later(cell, since) for cell in row] for row in rows]
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', told)
        for name, content in self.files.items():
            default_storage.delete(name)  # others may have written another one
            default_storage.save(name, ContentFile(content))

    def later(self, cell, since: timedelta):
        """The time at which the row was made moves with the clock; all else stays as it is."""
        if isinstance(cell, time):
            return str(cell)  # sqlite3 reads this type and writes it not
        if not isinstance(cell, datetime):
            return str(cell) if isinstance(cell, time) else cell  # of a day, which SQLite lacks
        made = self.began <= cell.replace(tzinfo=UTC) <= self.ended
        return cell + since if made else cell


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
    return Made({name: new for name, new in rows.items() if new}, read(files), began, ended)


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
