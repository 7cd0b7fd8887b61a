"""Prometheus, Alertmanager and PagerDuty's own client against a portal that listens."""

import ssl
import subprocess
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import yaml
from pagerduty import EventsApiV2Client

from portal.monitoring.intakes.configuration import configuration_of
from portal.monitoring.models import Alert, AlertState, Intake
from tests.monitoring.conftest import answering, serving
from tests.notifications.conftest import free_port
from tests.people import make_person
from tests.programs import Programs

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PATIENCE = 30  # seconds: a slow machine is no fault
CERTIFICATE = (
    *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
    *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"),
)
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
def encrypted(listening, need, tmp_path, monkeypatch):
    """The address of the same with TLS, which clients of this test believe."""
    subprocess.run([need("openssl"), *CERTIFICATE], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return f"https://127.0.0.1:{listening.server_port}"


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


def test_a_rule_fires_appears_with_its_runbook_and_resolves(need, tmp_path, listening, disk, start):
    answering(
        "DiskFillsUp", by=make_person("ada", "author"), approver=make_person("pia", "approver")
    )
    intake, key = Intake.objects.make("Prometheus", "alertmanager")
    watch(need, start, tmp_path, disk, intake, key)

    disk.free = 2
    found = until(Alert.objects.firing().select_related("runbook").first, "it fires")
    assert (found.name, found.summary, found.severity) == ("DiskFillsUp", "2 % is free", "critical")
    assert found.runbook.slug == "disk-fills-up"

    disk.free = 50
    until(Alert.objects.resolved().first, "it is over")
    assert [each.state for each in Alert.objects.all()] == [AlertState.RESOLVED]


def test_the_client_of_pagerduty_works_unchanged(encrypted):
    _, key = Intake.objects.make("Events", "pagerduty")
    client = EventsApiV2Client(key, base_url=f"{encrypted}/in/pagerduty")

    told = client.trigger("Disk of db1 is full", "db1", severity="critical")
    assert Alert.objects.get().fingerprint == told
    client.acknowledge(told)
    assert Alert.objects.get().acknowledged_at
    client.resolve(told)
    assert Alert.objects.get().state == AlertState.RESOLVED
