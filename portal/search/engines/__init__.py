"""What the two databases do differently; another one would be a third class with these members."""

from django.db import connection

from portal.search.engines.postgresql import PostgreSQL
from portal.search.engines.sqlite import SQLite


def engine() -> type[SQLite] | type[PostgreSQL]:
    return PostgreSQL if connection.vendor == "postgresql" else SQLite


def rows_of(sql: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
