"""Stock clients of healthchecks work against a live portal, unchanged."""

import subprocess

import pytest

from portal.monitoring.heartbeats.calls import ways
from portal.monitoring.models import Heartbeat, Ping, PingKey
from tests.monitoring.heartbeats.conftest import HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture
def sh(listening, need):
    """Run lines of a shell as the documentation of healthchecks has them, with its addresses."""
    need("curl")

    def sh(lines: str) -> str:
        done = subprocess.run(
            [
                "/bin/sh",
                "-c",
                lines.replace(
                    "https://hc-ping.com", f"http://127.0.0.1:{listening.server_port}/ping"
                ),
            ],
            capture_output=True,
            text=True,
            timeout=30,
        )
        return done.stdout

    return sh


@pytest.fixture
def job(listening):
    return Heartbeat.objects.make("Job", every=HOUR)


def signals(heartbeat) -> list[tuple]:
    rows = Ping.objects.filter(instance__heartbeat=heartbeat).order_by("n")
    return list(rows.values_list("signal", "exit_status", "method"))


def test_the_lines_of_its_documentation_work(sh, job):
    said = sh(f"""
        curl -fsS -m 10 --retry 5 https://hc-ping.com/{job.uuid}
        curl -fsS -m 10 --retry 5 -o /dev/null https://hc-ping.com/{job.uuid}
        curl -fsS --retry 3 https://hc-ping.com/{job.uuid}/start
        false; curl -fsS --retry 3 https://hc-ping.com/{job.uuid}/$?
        m=$(echo three lines); curl -fsS -m 10 --data-raw "$m" https://hc-ping.com/{job.uuid}
        curl -fsS -I https://hc-ping.com/{job.uuid}/fail
        echo "Hello World" | curl -fsS --data-binary @- https://hc-ping.com/{job.uuid}/log
    """)

    assert said.startswith("OKOKOKOKHTTP/1.1 200 OK")
    assert "Ping-Body-Limit: 100000" in said
    assert signals(job) == [
        ("success", None, "GET"),
        ("success", None, "GET"),
        ("start", None, "GET"),
        ("fail", 1, "GET"),
        ("success", None, "POST"),
        ("fail", None, "HEAD"),
        ("log", None, "POST"),
    ]
    assert Ping.objects.get(n=5).text == "three lines"
    assert Ping.objects.get(n=7).text == "Hello World\n"


def test_a_run_is_measured_by_its_id(sh, job):
    sh(f"""
        curl -fsS https://hc-ping.com/{job.uuid}/start?rid={RID}
        curl -fsS https://hc-ping.com/{job.uuid}?rid={RID}
    """)

    assert Ping.objects.get(n=2).duration is not None


def test_a_slug_is_made_by_the_first_call(sh):
    key = PingKey.objects.create(name="hosts").key
    assert sh(f"curl -fsS https://hc-ping.com/{key}/db-backup?create=1") == "Created"
    assert sh(f"curl -fsS https://hc-ping.com/{key}/db-backup/start") == "OK"
    assert sh(f"curl -s -o /dev/null -w '%{{http_code}}' https://hc-ping.com/{key}/x") == "404"


def test_what_borgmatic_sends_is_taken(sh, job):
    """Its hook posts to /start, then /log or nothing or /fail, with its log as the body."""
    sh(f"""
        curl -fsS -X POST --data-binary '' https://hc-ping.com/{job.uuid}/start
        printf 'Running archive\\nDone' | curl -fsS -X POST -A borgmatic/1.9 \\
            -H 'Content-Type: text/plain' --data-binary @- https://hc-ping.com/{job.uuid}
        printf 'Error' | curl -fsS -X POST -H 'Content-Type: text/plain' --data-binary @- \\
            https://hc-ping.com/{job.uuid}/fail
    """)

    assert [each[0] for each in signals(job)] == ["start", "success", "fail"]
    assert Ping.objects.get(n=2).text == "Running archive\nDone"


def test_the_lines_that_the_page_offers_work(sh, job):
    offered = {way.name: way.text for way in ways(f"https://hc-ping.com/{job.uuid}", "")}
    sh(offered["Shell"])
    sh(offered["Shell, with duration and exit status"].replace("/usr/local/bin/job", "false"))
    sh(offered["One host of many"].replace("$(hostname)", "web-1"))

    assert Ping.objects.count() == 4
    assert Ping.objects.filter(exit_status=1, rid__isnull=False).exists()
    assert set(job.instances.values_list("name", flat=True)) == {"", "web-1"}
