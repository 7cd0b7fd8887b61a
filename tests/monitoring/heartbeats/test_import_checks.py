"""What other tools watch becomes heartbeats, or is named with the reason."""

import json
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from io import StringIO
from types import ModuleType

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.monitoring.heartbeats.exports.kuma import SELECT
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


# Prometheus: what a blackbox exporter looks at

PROMETHEUS = """
scrape_configs:
  - job_name: node
    static_configs: [{targets: ["db1:9100"]}]
  - job_name: web
    metrics_path: /probe
    params: {module: [http_2xx]}
    static_configs:
      - targets: ["https://shop.example.org/", "https://shop.example.org"]
    file_sd_configs: [{files: ["targets/*.json", "gone.yml"]}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {target_label: __address__, replacement: "blackbox:9115"}
"""
PROBED = "it is a check of the kind http_2xx, and heartbeats are jobs that report"
TWICE = "; it is there twice: “https://shop.example.org/” of Prometheus blackbox looks at the same"


def imported(*sources) -> list[str]:
    said = StringIO()
    call_command("import_checks", *map(str, sources), stdout=said)
    return said.getvalue().splitlines()


@pytest.fixture
def prometheus(tmp_path):
    (tmp_path / "targets").mkdir()
    groups = [{"targets": ["https://api.example.org"], "labels": {"team": "shop"}}]
    (tmp_path / "targets" / "api.json").write_text(json.dumps(groups))
    path = tmp_path / "prometheus.yml"
    path.write_text(PROMETHEUS)
    return path


def test_targets_of_a_blackbox_exporter_are_named_with_duplicates(prometheus):
    assert imported(prometheus) == [
        f"not taken: https://shop.example.org/, because {PROBED}",
        f"not taken: https://shop.example.org, because {PROBED}{TWICE}",
        f"not taken: https://api.example.org, because {PROBED}",
        "not taken: gone.yml, because no such file is there",
        "0 created, 4 not taken.",
    ]


@pytest.mark.parametrize("name", ["targets.json", "targets.yml"])
def test_a_file_of_targets_is_read_alone(tmp_path, name):
    path = tmp_path / name
    is_json = name.endswith("json")
    path.write_text(
        '[{"targets": ["tcp://db1:5432"]}]' if is_json else "- targets: [tcp://db1:5432]"
    )

    assert imported(path)[-1] == "0 created, 1 not taken."


def test_what_two_tools_look_at_is_named(prometheus, tmp_path):
    path = tmp_path / "kuma.json"
    shop = {"name": "Shop", "type": "http", "url": "http://shop.example.org"}
    path.write_text(json.dumps({"monitorList": [shop]}))

    said = imported(path, prometheus)
    assert "it is there twice: “Shop” of Uptime Kuma looks at the same" in said[1]


@pytest.mark.parametrize("content", ["a: [", "a: &x [*x]", "just words", "- targets: 5"])
def test_other_yaml_is_refused(tmp_path, content):
    path = tmp_path / "export.yml"
    path.write_text(content)
    with pytest.raises(CommandError, match=r"^export\.yml is"):
        imported(path)


# Uptime Kuma on MariaDB

ANSWERED = (  # by MariaDB 10.11 to `kuma.SELECT`, through PyMySQL
    (1, "Nightly job", "push", 3600, 1, "https://"),
    (2, "Shop", "http", 60, 1, "https://shop.example.org/"),
    (3, "Old job", "push", 86_400, 0, "https://"),
)
KUMA = "mysql://kuma@db1:3307/kuma"


class Driver(ModuleType):
    """Stands in for PyMySQL, which is installed by who needs it: answers what was recorded."""

    class MySQLError(Exception):
        pass

    def __init__(self, rows=ANSWERED, error: str = ""):
        super().__init__("pymysql")
        self.rows, self.error, self.asked = rows, error, {}

    def connect(self, **where):
        if self.error:
            raise self.MySQLError(1045, self.error)
        self.asked = where
        return self

    def cursor(self):
        return self

    def execute(self, sql: str) -> None:
        assert sql == SELECT

    def fetchall(self):
        return self.rows

    def close(self) -> None:
        self.closed = True


def test_the_mariadb_of_uptime_kuma_is_read(monkeypatch):
    driver = Driver()
    monkeypatch.setitem(sys.modules, "pymysql", driver)
    monkeypatch.setenv("IMPORT_CHECKS_PASSWORD", "s3cret")

    is_of_kuma(imported(KUMA))
    assert driver.closed
    asked = {name: driver.asked[name] for name in ("host", "port", "user", "database", "password")}
    assert list(asked.values()) == ["db1", 3307, "kuma", "kuma", "s3cret"]


def test_what_mariadb_refuses_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymysql", Driver(error="Access denied"))
    with pytest.raises(CommandError, match=r"MariaDB at db1 was not read: Access denied\."):
        imported(KUMA)


def test_a_missing_driver_is_named_with_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(CommandError, match="pip install PyMySQL"):
        imported(KUMA)


@pytest.mark.parametrize(
    "address",
    [
        "mysql://kuma:s3cret@db1/kuma",
        "mysql://db1/kuma",
        "mysql://kuma@/kuma",
        "mysql://kuma@db1",
        "mysql://kuma@db1:x/kuma",
        "mysql://kuma@db1/kuma/more",
    ],
)
def test_an_address_of_mariadb_is_written_in_one_way(monkeypatch, address):
    monkeypatch.setitem(sys.modules, "pymysql", Driver())
    with pytest.raises(CommandError) as refused:
        imported(address)
    assert "s3cret" not in str(refused.value)
