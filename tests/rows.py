"""Rows that were made once and are inserted again, in place of making them anew for each test."""

from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

Table = tuple[str, ...]  # its name, and those of its columns
Rows = dict[Table, list[tuple]]


@dataclass
class Made:
    """What was added to the database by one test, which rolled it back, and the files of it."""

    rows: Rows
    files: dict[str, bytes]

    def insert(self) -> None:
        """Again, with the same keys: they must be free."""
        with connection.cursor() as cursor:
            for (table, *columns), rows in self.rows.items():
                places = ", ".join(["%s"] * len(columns))
                names = ", ".join(map(connection.ops.quote_name, columns))
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
        for name, content in self.files.items():
            default_storage.delete(name)  # others may have written another one
            default_storage.save(name, ContentFile(content))


def made_by(make) -> Made:
    """Call `make`, which adds rows and changes none there are, and note what it added."""
    before = all_rows()
    files = [row.path for row in make()]
    after = all_rows()
    assert [name for name in before if not set(before[name]) <= set(after[name])] == []
    rows = {name: sorted(set(after[name]) - set(before[name])) for name in after}
    return Made({name: new for name, new in rows.items() if new}, read(files))


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
