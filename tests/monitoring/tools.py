"""Prometheus and Alertmanager, which watch a disk and tell a portal that listens."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import yaml

from portal.monitoring.intakes.configuration import configuration_of
from tests.monitoring.conftest import serving
from tests.notifications.conftest import free_port
from tests.programs import Programs

PATIENCE = 30  # seconds: a slow machine is no fault
RULES = {
    "groups": [
        {
            "name": "disks",
            "rules": [
                {
                    "alert": "DiskFillsUp",
                    "expr": "disk_free_percent < 5",
                    "labels": {"severity": "critical", "service": "orders"},
                    "annotations": {"summary": "{{ $value }} % is free"},
                }
            ],
        }
    ]
}


@pytest.fixture
def disk():
    """Something that Prometheus scrapes: `disk.free` is how much is left."""
    state = SimpleNamespace(free=50)

    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self):
            content = f"disk_free_percent {state.free}\n".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said):
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Metrics)
    state.address = f"127.0.0.1:{server.server_port}"
    with serving(server):
        yield state


@pytest.fixture
def start(tmp_path):
    """Start a program in a folder of its own; all of them end with the test."""
    programs = Programs(tmp_path, PATIENCE)
    yield programs.start
    programs.stop()


def until(found, what: str):
    """Look again and again: programs of others take the time that they take."""
    end = time.monotonic() + PATIENCE
    while not (row := found()):
        assert time.monotonic() < end, f"Not within {PATIENCE} s: {what}"
        time.sleep(0.1)
    return row


def write(path, content) -> str:
    path.write_text(yaml.safe_dump(content))
    return str(path)


def watch(need, start, tmp_path, disk, intake, key) -> None:
    """Let Prometheus scrape the disk, and Alertmanager tell the portal as its page says it."""
    prometheus, alertmanager = need("prometheus"), need("prometheus-alertmanager")
    pasted = yaml.safe_load(configuration_of(intake, key)[0].text)
    pasted["route"] |= {"group_wait": "100ms", "group_interval": "300ms"}
    port = free_port()
    start(
        alertmanager,
        f"--config.file={write(tmp_path / 'alertmanager.yml', pasted)}",
        f"--storage.path={tmp_path / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    )
    often = {"scrape_interval": "200ms", "scrape_timeout": "200ms", "evaluation_interval": "200ms"}
    config = {
        "global": often,
        "rule_files": [write(tmp_path / "rules.yml", RULES)],
        "scrape_configs": [{"job_name": "disks", "static_configs": [{"targets": [disk.address]}]}],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}]},
    }
    start(
        prometheus,
        f"--config.file={write(tmp_path / 'prometheus.yml', config)}",
        f"--storage.tsdb.path={tmp_path / 'prometheus'}",
        f"--web.listen-address=127.0.0.1:{free_port()}",
        "--rules.alert.resend-delay=200ms",
    )
