"""What other tools watch becomes heartbeats, or is named with the reason."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.monitoring.models import Heartbeat

pytestmark = pytest.mark.django_db
CHECKS = {  # as GET /api/v3/checks/ answers
    "checks": [
        {
            "name": "Backup",
            "slug": "backup",
            "grace": 600,
            "status": "up",
            "timeout": 3600,
            "manual_resume": True,
        },
        {
            "name": "Report",
            "slug": "report",
            "grace": 60,
            "status": "paused",
            "schedule": "15 5 * * *",
            "tz": "Europe/Riga",
        },
        {"name": "Calendar", "slug": "c", "grace": 60, "schedule": "Mon..Fri 12:00", "tz": "UTC"},
        {"name": "Backup", "slug": "backup-2", "grace": 600, "timeout": 60},
        {"name": "", "slug": "", "grace": None},
        "odd",
    ]
}
WHY = "it is a check of the kind http, and heartbeats are jobs that report"
MONITORS = [
    {"id": 1, "name": "Nightly job", "type": "push", "interval": 3600, "active": 1},
    {"id": 2, "name": "Shop", "type": "http", "interval": 60, "active": 1},
    {"id": 3, "name": "Old job", "type": "push", "interval": 86_400, "active": 0},
]


@pytest.fixture
def run(tmp_path):
    def run(content, *options: str) -> list[str]:
        path = tmp_path / "export.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        said = StringIO()
        call_command("import_checks", str(path), *options, stdout=said)
        return said.getvalue().splitlines()

    return run


def test_checks_of_healthchecks_become_heartbeats(run):
    said = run(CHECKS)

    assert said[:2] == ["created: Backup", "created, paused: Report"]
    assert "fields" in said[2] and said[2].startswith("not taken: Calendar, because")
    assert said[3] == "not taken: Backup, because another heartbeat has this name"
    assert said[-1] == "2 created, 4 not taken."
    backup, report = Heartbeat.objects.order_by("name")
    assert (backup.every, backup.grace) == (timedelta(hours=1), timedelta(minutes=10))
    assert (backup.slug, backup.manual_resume, backup.paused_at) == ("backup", True, None)
    assert (report.cron, report.zone) == ("15 5 * * *", "Europe/Riga") and report.paused_at


def test_a_second_time_makes_nothing(run):
    run(CHECKS)

    assert run(CHECKS)[-1] == "0 created, 6 not taken."
    assert Heartbeat.objects.count() == 2


def test_a_dry_run_says_it_and_makes_nothing(run):
    assert run(CHECKS, "--dry-run")[-1] == "2 would be created, 4 not taken."
    assert not Heartbeat.objects.exists()


def is_of_kuma(said: list[str]) -> None:
    assert said == [
        "created: Nightly job",
        f"not taken: Shop, because {WHY}",
        "created, paused: Old job",
        "2 created, 1 not taken.",
    ]
    nightly, old = Heartbeat.objects.order_by("name")
    assert (nightly.every, nightly.grace) == (timedelta(hours=1), timedelta(minutes=6))
    assert old.paused_at is not None


def test_the_backup_of_uptime_kuma_is_read(run):
    is_of_kuma(run({"version": "1.23.0", "monitorList": MONITORS}))


def test_the_database_of_uptime_kuma_is_read_and_stays_as_it_is(tmp_path):
    path = tmp_path / "kuma.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TABLE monitor (id INTEGER PRIMARY KEY, name TEXT, active BOOLEAN, user_id INT,"
            " interval INTEGER, url TEXT, type VARCHAR(20))"
        )
        database.executemany(
            "INSERT INTO monitor (id, name, type, interval, active)"
            " VALUES (:id, :name, :type, :interval, :active)",
            MONITORS,
        )
        database.commit()
    before, said = path.read_bytes(), StringIO()
    call_command("import_checks", str(path), stdout=said)

    is_of_kuma(said.getvalue().splitlines())
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b'{"a": 1}', b"[" * 100_000, b"SQLite format 3\x00" + b"x" * 200],
)
def test_another_file_is_refused(run, content):
    with pytest.raises(CommandError, match=r"^export\.json is"):
        run(content)


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_checks", "/nowhere/kuma.db")


def test_values_that_cannot_be_meant_are_named(run):
    odd = [
        {"name": "A", "type": "push", "interval": "x"},
        {"name": "B", "type": "push", "interval": 1},
        {"name": "C" * 200, "type": "push", "interval": 60},
        {"type": None},
        7,
    ]
    said = run({"monitorList": odd})

    assert said[-1] == "0 created, 5 not taken."
