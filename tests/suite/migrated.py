"""Migrate once: the first worker keeps what migrations wrote, all others and later runs copy it."""

import fcntl
import hashlib
import sqlite3
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "portal_migrated_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, request, tmp_path_factory
):
    """The place at which pytest-django lets us in before it makes the test database."""
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir("migrated") if cache else tmp_path_factory.getbasetemp()
    creation = connection.creation
    with pytest.MonkeyPatch.context() as patch:
        create = partial(create_test_db, creation, creation.create_test_db, folder)
        patch.setattr(creation, "create_test_db", create)
        yield


def create_test_db(creation, migrate, folder: Path, **options) -> str:
    """As the method of Django, whose place it takes. A database to be kept is not ours."""
    if options.get("keepdb") or options.get("serialize"):
        return migrate(**options)
    template = TEMPLATES[connection.vendor](folder)
    with locked(folder / "lock"):
        if not template.exists():
            name = migrate(**options)
            template.keep()
            return name
        return use_copy(creation, template, options)


def use_copy(creation, template, options: dict) -> str:
    name = creation._get_test_db_name()
    template.announce()
    creation._create_test_db(options.get("verbosity", 1), options.get("autoclobber", False))
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    template.fill()
    return name


@contextmanager
def locked(path: Path):
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest() -> str:
    """Another one when any code or library is another: what migrations write may be, too."""
    sources = [ROOT / "requirements.txt", *sorted((ROOT / "tests").glob("settings.py"))]
    for app in ("portal", "runbooks", "incidents", "onboarding"):
        sources += sorted((ROOT / app).rglob("*.py"))
    found = hashlib.sha256(sys.version.encode())
    for path in sources:
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


class File:
    """SQLite: a file, copied into the database in memory."""

    def __init__(self, folder: Path):
        self.path = folder / f"{PREFIX}{digest()}.sqlite3"

    def exists(self) -> bool:
        return self.path.exists()

    def keep(self) -> None:
        for old in self.path.parent.glob(f"{PREFIX}*"):
            old.unlink()
        self.path.write_bytes(connection.connection.serialize())

    def announce(self) -> None:
        pass

    def fill(self) -> None:
        source = sqlite3.connect(self.path)
        source.backup(connection.connection)
        source.close()


class Database:
    """PostgreSQL: a template on the same server."""

    def __init__(self, folder: Path | None = None):
        self.name = f"{PREFIX}{digest()}"

    def known(self) -> list[str]:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
            return [name for (name,) in cursor.fetchall()]

    def exists(self) -> bool:
        return self.name in self.known()

    def keep(self) -> None:
        made = connection.settings_dict["NAME"]
        connection.close()
        old = self.known()
        with connection._nodb_cursor() as cursor:
            for name in old:
                cursor.execute(f'DROP DATABASE "{name}"')
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{made}"')

    def announce(self) -> None:
        connection.settings_dict["TEST"]["TEMPLATE"] = self.name

    def fill(self) -> None:
        pass


TEMPLATES = {"sqlite": File, "postgresql": Database}
