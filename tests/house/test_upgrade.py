"""A data folder of an earlier release migrates with every row, and works."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from tests.programs import ROOT, bare_environment, python

RELEASES = sorted((ROOT / "tests" / "house" / "releases").glob("*.db.gz"))

# What is derived from other rows and may be made anew, or is Django's own record of the schema.
DERIVED = ("runbooks_search", "search_", "django_migrations", "django_content_type", "auth_perm")
ASK = """
import json
from django.conf import settings
from django.test import Client
from portal.accounts.models import User
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = settings.STORAGES | {"staticfiles": plain}  # nothing is collected here
client = Client(HTTP_HOST="portal.example.org")
alice = User.objects.get(username="alice")
client.force_login(alice, backend="portal.accounts.backends.RoleBackend")
paths = ["/", "/runbooks/", "/search/?q=failover", "/guides/", "/services/", "/runbooks/runs/"]
answers = {path: client.get(path) for path in paths}
print(json.dumps({path: [got.status_code, got.content.decode()] for path, got in answers.items()}))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(params=RELEASES, ids=lambda path: path.name.removesuffix(".db.gz"))
def folder(request, tmp_path):
    """The data folder of a release, with the rows of its demo."""
    (tmp_path / "portal.sqlite3").write_bytes(gzip.decompress(request.param.read_bytes()))
    return tmp_path


def manage(folder: Path, *command: str) -> str:
    env = bare_environment(
        PORTAL_DATA=str(folder),
        PORTAL_HTTPS="0",
        PORTAL_HOSTS="portal.example.org",
        PORTAL_LOG_LEVEL="ERROR",
    )
    done = python("manage.py", *command, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows_of(folder: Path) -> dict[str, tuple[list[str], list[tuple]]]:
    """table -> its columns and its rows, but for what is derived."""
    with sqlite3.connect(folder / "portal.sqlite3") as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: _content(database, name)
            for (name,) in names
            if not name.startswith(("sqlite_", *DERIVED))
        }


def _content(database, table: str) -> tuple[list[str], list[tuple]]:
    cursor = database.execute(f'SELECT * FROM "{table}"')
    return [column[0] for column in cursor.description], cursor.fetchall()


def lost_of(table, now) -> list[dict]:
    """The rows of an old table that are not there any more, in the columns that still are."""
    (old_columns, old_rows), (columns, rows) = table, now
    same = [name for name in old_columns if name in columns]
    present = {tuple(map(repr, _cells(columns, row, same))) for row in rows}
    lost = [
        row for row in old_rows if tuple(map(repr, _cells(old_columns, row, same))) not in present
    ]
    return [dict(zip(old_columns, row, strict=True)) for row in lost]


def _cells(columns, row, wanted):
    return [row[columns.index(name)] for name in wanted]


def test_there_is_a_folder_of_each_release():
    assert [path.name for path in RELEASES] == ["0.1.0.db.gz"]


def test_every_row_is_kept_and_the_pages_work(folder):
    before = rows_of(folder)

    manage(folder, "migrate", "--verbosity", "0")

    after = rows_of(folder)
    assert set(before) <= set(after)
    lost = {name: lost_of(before[name], after[name]) for name in before}
    assert {name: rows for name, rows in lost.items() if rows} == {}
    assert sum(len(rows) for _, rows in before.values()) == 1089
    answers = json.loads(manage(folder, "shell", "--no-imports", "--command", ASK).splitlines()[-1])
    assert {path: status for path, (status, _) in answers.items() if status != 200} == {}
    assert "Fail over the orders database" in answers["/search/?q=failover"][1]
