"""A database outside of the test's transaction, for tests that need more than one connection."""

from functools import cache

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from .migrated import TEMPLATES

DEFAULT = "default"


@pytest.fixture
def shared_database(db, tmp_path):
    """As migrations left it; each thread has a connection of its own. Nothing of it remains."""
    isolated, name = connections[DEFAULT], connection.settings_dict["NAME"]
    copy = COPIES[connection.vendor](isolated, tmp_path)
    connections.databases[DEFAULT]["NAME"] = copy.name
    del connections[DEFAULT]
    try:
        yield
    finally:
        connection.close()
        connections.databases[DEFAULT]["NAME"] = name
        connections[DEFAULT] = isolated
        ContentType.objects.clear_cache()
        copy.drop()


class File:
    """SQLite: a file, as the workers share one; the database in memory has one connection only."""

    def __init__(self, source, folder):
        self.name = folder / "portal.sqlite3"
        self.name.write_bytes(source.connection.serialize())

    def drop(self) -> None:
        """It goes with the folder of the test."""


class Database:
    """PostgreSQL: a copy of the template that the suite keeps."""

    def __init__(self, source, folder):
        self.source, self.name = source, f"{source.settings_dict['NAME']}_shared"
        self.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{template()}"')

    def drop(self) -> None:
        self.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def execute(self, sql: str) -> None:
        with self.source._nodb_cursor() as cursor:
            cursor.execute(sql)


@cache
def template() -> str:
    return TEMPLATES["postgresql"]().name


COPIES = {"sqlite": File, "postgresql": Database}
