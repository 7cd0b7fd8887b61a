"""What Prometheus reads at /metrics, and the rules that ship for it."""

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from portal.monitoring.models import Heartbeat
from portal.notifications.models import Beat, Delivery, DeliveryState
from tests.monitoring.heartbeats.world import make_heartbeats
from tests.monitoring.world import make_alerts

TOKEN = "a token for Prometheus alone, and for one test"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "architecture"
RULES = DOCS / "portal-rules.yml"

pytestmark = pytest.mark.django_db


@pytest.fixture
def scrape(settings):
    """The samples, by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def scrape() -> dict[tuple, float]:
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        found = text_string_to_metric_families(answer.content.decode())
        samples = (sample for family in found for sample in family.samples)
        return {(each.name, *each.labels.values()): each.value for each in samples}

    return scrape


def test_it_says_how_engines_and_messages_are(scrape):
    now = timezone.now()
    Beat.objects.beat("one", at=now - timedelta(seconds=40))
    for number in range(3):
        Delivery.objects.post(key=f"k{number}", to=["ops@example.org"], subject="s", text="t")
    Delivery.objects.filter(key="k0").update(due_at=now - timedelta(minutes=10))
    Delivery.objects.filter(key="k1").update(due_at=now + timedelta(hours=1))
    Delivery.objects.filter(key="k2").update(state=DeliveryState.FAILED)

    found = scrape()

    assert 40 <= found["portal_engine_beat_age_seconds",] < 60
    assert found["portal_deliveries", "waiting"] == 2
    assert found["portal_deliveries", "failed"] == 1
    assert found["portal_deliveries_due",] == 1
    assert 600 <= found["portal_deliveries_oldest_due_seconds",] < 660


def test_an_empty_portal_has_figures_too(scrape):
    found = scrape()

    assert found["portal_deliveries_oldest_due_seconds",] == 0
    assert found["portal_alerts_firing", "false"] == 0
    assert ("portal_engine_beat_age_seconds",) not in found


def test_it_says_what_fires_and_what_came_in(scrape, rita):
    alerts = make_alerts()
    alerts[0].acknowledge(by=rita)

    found = scrape()

    assert found["portal_alerts_firing", "true"] == found["portal_alerts_firing", "false"] == 1
    assert 0 <= found["portal_intake_received_age_seconds", "Our Alertmanager"] < 60


def test_it_says_how_heartbeats_stand(scrape):
    make_heartbeats()

    found = scrape()

    by_state = {name[1]: number for name, number in found.items() if name[0] == "portal_heartbeats"}
    assert by_state.keys() == {"new", "up", "started", "grace", "down", "paused"}
    assert sum(by_state.values()) == Heartbeat.objects.count() > 0


def test_requests_are_counted(scrape):
    before = scrape().get(("portal_http_requests_total", "GET", "200"), 0)
    Client().get("/healthz")

    found = scrape()

    assert found["portal_http_requests_total", "GET", "200"] == before + 2
    assert found["portal_http_request_duration_seconds_count",] >= 2


def test_it_asks_as_much_of_many_rows_as_of_few(
    scrape, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(11) as few:
        scrape()
    for number in range(20):
        Delivery.objects.post(key=f"k{number}", to=["ops@example.org"], subject="s", text="t")
    make_alerts([f"A{number}" for number in range(20)])

    with django_assert_num_queries(len(few)):
        scrape()


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
def test_it_answers_nobody_without_its_token(settings, header):
    settings.METRICS_TOKEN = TOKEN

    answer = Client().get("/metrics", headers={"Authorization": header})

    assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")
    assert b"portal_" not in answer.content


def test_without_the_setting_there_is_no_such_page(settings, olga):
    settings.METRICS_TOKEN = ""
    client = Client()
    client.force_login(olga, backend="portal.accounts.backends.RoleBackend")

    for header in ("", "Bearer "):
        answer = client.get("/metrics", headers={"Authorization": header})
        assert answer.status_code == 404


def test_its_token_opens_nothing_else(settings):
    settings.METRICS_TOKEN = TOKEN

    answer = Client().get("/api/v1/runbooks/", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 401


def test_the_document_lists_what_there_is(scrape):
    Beat.objects.beat("one", at=timezone.now())
    make_alerts()
    listed = set(re.findall(r"^\| `(portal_\w+)`", (DOCS / "metrics.md").read_text(), re.MULTILINE))

    names = {name for name, *_ in scrape()}

    endings = re.compile(r"_(bucket|sum|count|created)$")
    shown = {endings.sub("", name) for name in names} - {"portal_http_requests"}
    assert shown == listed


def test_the_rules_use_figures_that_there_are(scrape):
    Beat.objects.beat("one", at=timezone.now())
    names = {name for name, *_ in scrape()}

    assert set(re.findall(r"portal_\w+", RULES.read_text())) <= names


def test_promtool_takes_the_rules(lacking):
    promtool = shutil.which("promtool") or lacking("promtool is not installed")

    done = subprocess.run([promtool, "check", "rules", RULES], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 rules found" in done.stdout


def test_processes_of_one_machine_count_together(tmp_path):
    """As gunicorn's do: each has files of its own, and /metrics reads those of all."""
    count = "from portal.core.web.requests import answered; answered.labels('GET', '200').inc()"
    read = (
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess;"
        "registry = CollectorRegistry(); multiprocess.MultiProcessCollector(registry);"
        "print(generate_latest(registry).decode())"
    )
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    root = Path(__file__).resolve().parents[2]
    for code in (count, count, read):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, env=env
        )
        assert done.returncode == 0, done.stderr

    assert 'portal_http_requests_total{method="GET",status="200"} 2.0' in done.stdout
