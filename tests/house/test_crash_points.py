"""Killed at each named place (core/data/crash_points.py): nothing is lost, and nothing half done.

The process that dies is a child of one that has loaded the portal: each takes a moment.
"""

import json
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from incidents.clocks.reminders import miss
from incidents.escalation.engine import take_due
from incidents.models import Audience, Communication, Entry, Escalation, Incident, IncidentAlert
from incidents.models import Call as Called
from incidents.opening import endings
from incidents.opening.alerts import Opening
from portal.core.data import crash_points
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.heartbeats import announcements
from portal.monitoring.maintenance.announcements import announce
from portal.monitoring.models import (
    Alert,
    Call,
    Event,
    Flip,
    Heartbeat,
    Instance,
    Intake,
    Muting,
    Received,
    Window,
)
from portal.monitoring.muting import verbs
from portal.monitoring.muting.settlement import settle
from portal.notifications.jobs import deliver
from portal.notifications.models import Delivery
from tests.conftest import make_person
from tests.incidents.world import declare, make_policy, make_service
from tests.monitoring.conftest import alert, payload
from tests.monitoring.world import make_alerts
from tests.notifications.conftest import mailbox  # noqa: F401
from tests.notifications.test_engines import database_url, leases_run_out
from tests.programs import bare_environment

ROOT = Path(__file__).resolve().parents[2]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MAIL = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "DEFAULT_FROM_EMAIL")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("shared_database"),
]

# Reads an order in each line: a child does what it says, and dies at its point as of kill -9.
NURSERY = """
import json, os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connections
from django.test import Client
from incidents.clocks.reminders import miss
from incidents.models import Communication
from incidents.opening import endings
from incidents.opening.alerts import Opening
from portal.core.data import clock, crash_points
from portal.monitoring import jobs
from portal.monitoring.heartbeats import announcements
from portal.monitoring.maintenance.announcements import announce
from portal.monitoring.muting.settlement import settle
from incidents.escalation.engine import take_due
from portal.notifications.jobs import deliver

def send(order):
    row = Communication.objects.get()
    row.send(by=row.author)

def receive(order):
    Client().post(order["path"], order["body"], content_type="application/json")

UNITS = {
    "deliver": lambda order: deliver(clock.now()),
    "drop": lambda order: jobs.drop_late(clock.now()),
    "announce a flip": lambda order: announcements.announce(clock.now()),
    "announce a window": lambda order: announce(clock.now()),
    "settle": lambda order: settle(clock.now()),
    "open": lambda order: Opening()(clock.now()),
    "end": lambda order: endings.follow(clock.now()),
    "call": lambda order: take_due(clock.now()),
    "miss": lambda order: miss(clock.now()),
    "send": send,
    "receive": receive,
}

def die(order):
    connections.databases["default"]["NAME"] = order["database"]
    for name, value in order["settings"].items():
        setattr(settings, name, value)
    crash_points.at = lambda name: name == order["point"] and os.kill(os.getpid(), signal.SIGKILL)
    UNITS[order["unit"]](order)

print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if not (child := os.fork()):
        try:
            die(order)
        finally:
            os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory):
    """A process that has loaded the portal, and asked no database."""
    folder = tmp_path_factory.mktemp("nursery")
    environment = bare_environment(
        DJANGO_SETTINGS_MODULE="tests.settings",
        PORTAL_DATA=str(folder),
        PORTAL_DATABASE_URL=database_url(),
    )
    process = subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def kill(nursery):
    """Let a process do one unit and die at a point."""

    def kill(point: str, unit: str, **more: str) -> None:
        order = {
            "point": point,
            "unit": unit,
            "database": str(connections["default"].settings_dict["NAME"]),
            "settings": {name: getattr(portal_settings, name) for name in MAIL},
        }
        nursery.stdin.write(json.dumps(order | more) + "\n")
        nursery.stdin.flush()
        assert int(nursery.stdout.readline()) == -signal.SIGKILL, f"{point} was not reached"

    return kill


@pytest.mark.parametrize(
    ("point", "state", "sent"),
    [("claim", "waiting", 1), ("claimed", "sending", 1), ("sent", "sending", 2)]
    + [("recorded", "sending", 2)],
)
def test_a_message_is_sent_once_or_twice_with_the_same_id(point, state, sent, kill, mailbox):  # noqa: F811
    Delivery.objects.post(key="disk", to=["ops@example.org"], subject="Disk", text="Full.")
    kill(point, "deliver")

    assert Delivery.objects.get().state == state
    assert not Delivery.objects.get().attempt_set.exists()
    if state == "sending":
        assert not deliver(timezone.now())  # the lease still holds
        leases_run_out()
    while deliver(timezone.now()):  # the next engine
        pass

    found = Delivery.objects.get()
    assert (found.state, len(mailbox.messages)) == ("sent", sent)
    assert set(mailbox.ids) == {found.message_id}


@pytest.mark.parametrize("point", ["claim", "claimed", "stepped", "called"])
def test_a_step_of_an_escalation_calls_once(point, kill):
    rita, olga = make_person("rita", "responder"), make_person("olga", "operator")
    for person in (rita, olga):
        person.email = f"{person.username}@example.org"
        person.save()
    declare(None, services=[make_service(policy=make_policy(rita, olga))])
    kill(point, "call")

    assert not Called.objects.exists() and not Delivery.objects.exists()
    assert not Entry.objects.filter(kind="called").exists()
    assert take_due(timezone.now()) == (point == "claim")  # else the lease still holds
    Escalation.objects.exclude(lease_until=None).update(lease_until=timezone.now())
    while take_due(timezone.now()):  # the next engine
        pass

    assert Called.objects.get().person == rita and Delivery.objects.count() == 1
    assert Entry.objects.filter(kind="called").count() == 1
    assert Escalation.objects.get().place == (0, 0, 1)


def late_heartbeat() -> None:
    make_person("olga", "operator")
    began = timezone.now() - 2 * HOUR
    row = Heartbeat.objects.make("Job", every=50 * MINUTE, grace=MINUTE, at=began)
    Instance.objects.get(pk=row.instances.create().pk).take(Call(), at=began)


def told() -> tuple[int, int]:
    """Alerts that fire, and messages."""
    return Alert.objects.firing().count(), Delivery.objects.count()


@pytest.mark.parametrize("point", ["down", "flipped"])
def test_a_state_and_its_flip_are_stored_both_or_none(point, kill):
    late_heartbeat()
    kill(point, "drop")

    assert Instance.objects.get().state == "up"
    assert not Flip.objects.filter(after="down").exists()
    assert Instance.objects.drop_one(timezone.now())
    assert not Instance.objects.drop_one(timezone.now())
    assert Flip.objects.filter(after="down").count() == 1


@pytest.mark.parametrize("point", ["announced", "stored", "told"])
def test_a_flip_is_told_once(point, kill):
    late_heartbeat()
    Instance.objects.drop_one(timezone.now())
    kill(point, "announce a flip")

    assert told() == (0, 0) and Flip.objects.unannounced().exists()
    while announcements.announce(timezone.now()):
        pass
    assert told() == (1, 1)


@pytest.mark.parametrize("point", ["received", "stored", "told"])
def test_a_delivery_of_a_tool_is_stored_whole_when_it_is_sent_again(point, kill):
    make_person("olga", "operator")
    _, key = Intake.objects.make("Ours", "alertmanager")
    path, body = f"/in/alertmanager/{key}/", json.dumps(payload(alert("A"), alert("B")))
    kill(point, "receive", path=path, body=body)

    assert told() == (0, 0) and not Received.objects.exists()
    for _ in range(2):  # as a tool does that never heard the answer, and a second replica
        answer = Client().post(path, body, content_type="application/json")
        assert answer.status_code == 200
    assert told() == (2, 1)
    assert set(Alert.objects.values_list("deliveries", flat=True)) == {2}
    assert Event.objects.filter(change="A new episode").count() == 2


def test_what_a_silence_frees_is_announced_once(kill):
    rita = make_person("rita", "responder")
    make_person("olga", "operator")
    column, now = [{"name": "alertname", "operator": "=", "value": "A"}], timezone.now()
    until = now - MINUTE
    verbs.silence(column, by=rita, at=now - HOUR, ends_at=until, reason="Known")
    _, key = Intake.objects.make("Ours", "alertmanager")
    at = now - 2 * MINUTE
    arrivals_of(key, at)
    assert Muting.objects.open().exists() and told() == (1, 0)
    kill("muted", "settle")

    assert Muting.objects.open().exists() and told() == (1, 0)
    assert settle(timezone.now()) and not settle(timezone.now())
    assert not Muting.objects.open().exists() and told() == (1, 1)


def arrivals_of(key: str, at) -> None:
    """One alert, as it came at that time."""
    intake = Intake.objects.opened_by(key, "alertmanager")
    report = Report("a", "A", True, starts_at=at, labels={"alertname": "A"})
    take([report], source=intake.source, at=at, intake=intake)


def test_a_window_is_announced_once(kill):
    rita, now = make_person("rita", "responder"), timezone.now()
    about = {"title": "Move", "starts_at": now - MINUTE, "duration": HOUR}
    verbs.plan(by=rita, at=now - HOUR, services=[], is_for_all=True, **about)
    kill("window", "announce a window")

    assert not Delivery.objects.exists()
    assert announce(timezone.now()) and not announce(timezone.now())
    assert Delivery.objects.count() == Window.objects.count() == 1


@pytest.mark.parametrize("point", ["opened", "joined"])
def test_an_incident_is_opened_once_with_all_of_its_alerts(point, kill):
    alerts = make_alerts()
    kill(point, "open")

    assert not Incident.objects.exists()
    assert Opening()(timezone.now()) and not Opening()(timezone.now())
    assert [*IncidentAlert.objects.values_list("alert", flat=True)] == [
        each.pk for each in reversed(alerts) if each.is_firing
    ]
    assert Incident.objects.count() == 2  # of no service: one for each name


def test_the_timeline_says_once_that_alerts_are_over(kill):
    make_alerts()
    Opening()(timezone.now())
    Alert.objects.firing().update(state="resolved", ends_at=timezone.now())
    kill("ended", "end")

    assert not IncidentAlert.objects.exclude(over_at=None).exists()
    assert endings.follow(timezone.now()) and not endings.follow(timezone.now())
    assert Entry.objects.filter(about__state="resolved").count() == 2


def test_that_a_clock_is_late_is_said_and_told_once(kill):
    rita = make_person("rita", "responder")
    incident = declare(rita, level=1, at=timezone.now() - 7 * MINUTE)
    incident.acknowledge(by=rita)
    late = Entry.objects.filter(kind="clock")
    before = Delivery.objects.count()
    kill("late", "miss")

    assert not late.exists() and Delivery.objects.count() == before
    assert miss(timezone.now()) and not miss(timezone.now())
    assert late.count() == 1 and Delivery.objects.count() == before + 1


def test_what_is_told_of_an_incident_is_sent_to_all_once_or_to_nobody(kill):
    incident = declare(rita := make_person("rita", "responder"), level=3)
    Audience.objects.filter(name="executives").update(addresses=["a@example.org", "b@example.org"])
    texts = {"subject": "Slow", "internal_text": "Slow.", "public_text": ""}
    about = {"audience": "executives", "moment": "notice", "values": {}, "template": None}
    row = Communication.objects.draft(incident, by=rita, at=timezone.now(), **about, **texts)
    told, said = Delivery.objects.of_event(row.key), Entry.objects.filter(kind="communication")
    kill("dispatched", "send")

    row.refresh_from_db()
    assert (row.state, told.count(), said.count()) == ("draft", 0, 0)
    assert row.send(by=rita) and not row.send(by=rita)
    assert (told.count(), said.count()) == (2, 1)


def test_each_point_is_reached_and_killed_at():
    files = (*ROOT.glob("portal/**/*.py"), *ROOT.glob("incidents/**/*.py"))
    code = "".join(path.read_text() for path in files)
    mine = Path(__file__).read_text()

    assert set(re.findall(r'crash_points\.reach\("([a-z]+)"\)', code)) == set(crash_points.POINTS)
    assert [name for name in crash_points.POINTS if f'"{name}"' not in mine] == []
