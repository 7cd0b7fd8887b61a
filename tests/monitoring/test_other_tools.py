"""Grafana, PagerDuty's events, and JSON of any tool."""

import hashlib
import hmac
import json
import time
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from portal.monitoring.models import Alert, Intake, Received, paths
from tests.monitoring.conftest import alert, payload

pytestmark = pytest.mark.django_db
JSON = "application/json"


def send(address, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(address, content, content_type=JSON, headers=headers)


# Grafana


@pytest.fixture
def grafana(intake_of):
    intake, key = intake_of("grafana", is_signed=True)
    return intake, f"/in/grafana/{key}/"


def signature(intake, content):
    return hmac.new(intake.secret.encode(), content, hashlib.sha256).hexdigest()


def test_grafana_sends_what_it_signed(grafana):
    intake, address = grafana
    body = json.dumps(
        {**payload(alert()), "version": "1", "orgId": 1, "state": "alerting"}
    ).encode()

    answer = send(address, body, **{"X-Grafana-Alerting-Signature": signature(intake, body)})
    assert answer.status_code == 200
    assert Alert.objects.get().is_firing


def test_grafana_signs_the_time_too(grafana):
    intake, address = grafana
    body, now = json.dumps(payload(alert())).encode(), str(int(time.time()))
    signed = signature(intake, now.encode() + b":" + body)
    headers = {"X-Grafana-Alerting-Signature": signed, "X-Grafana-Alerting-Timestamp": now}

    assert send(address, body, **headers).status_code == 200


@pytest.mark.parametrize("stamp", ["", "1500000000", "soon", "1" * 5000, "-1", "²"])
def test_what_is_signed_wrongly_or_long_ago_is_refused(grafana, stamp):
    intake, address = grafana
    body = json.dumps(payload(alert())).encode()
    signed = signature(intake, stamp.encode() + b":" + body) if stamp else "0" * 64
    headers = {"X-Grafana-Alerting-Signature": signed, "X-Grafana-Alerting-Timestamp": stamp}

    assert send(address, body, **headers).status_code == 401
    assert not Received.objects.exists()


# PagerDuty


@pytest.fixture
def events(intake_of):
    _, key = intake_of("pagerduty")

    def event(action="trigger", **more):
        body = {"routing_key": key, "event_action": action, **more}
        return send("/in/pagerduty/v2/enqueue", body)

    event.key = key
    return event


ABOUT = {
    "summary": "Disk of db1 is full",
    "source": "db1",
    "severity": "critical",
    "class": "DiskFillsUp",
    "custom_details": {"free": "2 %", "service": "orders"},
}


def test_an_event_triggers_is_acknowledged_and_resolves(events):
    triggered = events(dedup_key="disk-db1", payload=ABOUT)
    assert triggered.status_code == 202
    assert triggered.json() == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": "disk-db1",
    }
    found = Alert.objects.get()
    assert (found.name, found.severity, found.summary) == (
        "DiskFillsUp",
        "critical",
        "Disk of db1 is full",
    )
    assert found.labels["service"] == "orders"

    assert events("acknowledge", dedup_key="disk-db1").status_code == 202
    found.refresh_from_db()
    assert (found.acknowledged_at is not None, found.acknowledged_by) == (True, None)

    assert events("resolve", dedup_key="disk-db1").status_code == 202
    found.refresh_from_db()
    assert not found.is_firing
    assert found.name == "DiskFillsUp"


def test_a_trigger_without_a_key_gets_one(events):
    key = events(payload=ABOUT).json()["dedup_key"]

    assert Alert.objects.get().fingerprint == key


def test_the_end_of_what_never_began_is_no_alert(events):
    assert events("resolve", dedup_key="odd").status_code == 202
    assert events("acknowledge", dedup_key="odd").status_code == 202
    assert not Alert.objects.exists()


def test_a_trigger_that_comes_late_does_not_open_it_again(events):
    at = "2026-11-23T08:00:00Z"
    events(dedup_key="a", payload=ABOUT | {"timestamp": at})
    events("resolve", dedup_key="a")
    events(dedup_key="a", payload=ABOUT | {"timestamp": "2026-11-23T08:00:30Z"})

    assert not Alert.objects.get().is_firing


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event_action": "odd"},
        {"event_action": "resolve"},
        {"event_action": "trigger"},
        {"event_action": "trigger", "payload": {}},
        {"event_action": "trigger", "payload": ABOUT, "dedup_key": "a" * 256},
    ],
)
def test_an_invalid_event_is_refused_as_pagerduty_does(events, body):
    answer = send("/in/pagerduty/v2/enqueue", {"routing_key": events.key, **body})

    assert answer.status_code == 400
    assert answer.json()["status"] == "invalid event"
    assert Received.objects.get().error == answer.json()["errors"][0]


@pytest.mark.parametrize("action", ["trigger", "unheard of"])
def test_a_routing_key_that_is_spelled_with_escapes_is_not_kept_either(events, action):
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in events.key)
    details = f'"payload": {{"summary": "{events.key}", "source": "x", "severity": "error"}}'
    body = f'{{"routing_key": "{escaped}", "event_action": "{action}", {details}}}'
    answer = Client().post("/in/pagerduty/v2/enqueue", body, content_type="application/json")

    assert answer.status_code == (202 if action == "trigger" else 400)
    kept = Received.objects.get().body
    assert json.loads(kept)["routing_key"] == "(routing key)"
    assert events.key not in kept and escaped not in kept


def test_the_routing_key_is_not_kept(events):
    events(payload=ABOUT)

    assert events.key not in Received.objects.get().body


def test_the_routing_key_is_in_nothing_that_readers_see(events):
    said = f"at {events.key}!"
    details = {"service": said, said: said, "runbook_url": f"https://wiki.example.org/{events.key}"}
    about = {**ABOUT, "summary": said, "source": said, "class": said, "custom_details": details}
    client = {"client": said, "client_url": f"https://tool.example.org/{events.key}"}
    answer = events(payload=about, dedup_key=said, **client)

    assert answer.status_code == 202
    kept = [*Alert.objects.values(), *Received.objects.values()]
    assert Alert.objects.get().summary == "at (routing key)!"
    assert events.key not in str(kept)


def test_an_event_that_is_nested_too_deeply_is_refused_and_noted_without_its_key(events):
    deep = "[" * 300 + "]" * 300
    body = f'{{"routing_key": "{events.key}", "a": "\\u0041", "b": {deep}}}'
    answer = send("/in/pagerduty/v2/enqueue", body.encode())

    assert answer.status_code == 400
    kept = Received.objects.get()
    assert (kept.answer, kept.error) == (400, "The event is nested too deeply.")
    assert events.key not in kept.body


# Any JSON


def test_json_without_a_mapping_is_understood_if_it_is_usual(intake_of):
    _, key = intake_of("generic")
    address = f"/in/generic/{key}/"
    said = {"name": "QueueIsLong", "service": "orders", "summary": "4,000 orders wait"}
    assert send(address, said).status_code == 200

    found = Alert.objects.get()
    assert (found.name, found.summary, found.labels["service"]) == (
        "QueueIsLong",
        "4,000 orders wait",
        "orders",
    )
    send(address, {**said, "state": "ok"})
    found.refresh_from_db()
    assert not found.is_firing


def test_a_mapping_says_where_everything_stands(intake_of):
    mapping = {
        "alerts": "$.events[*]",
        "name": "$.check.title",
        "state": "$.check.status",
        "fingerprint": "$.check.uid",
        "labels": "$.meta",
        "resolved": ["fine"],
    }
    _, key = intake_of("generic", mapping=mapping)
    event = {"check": {"title": "Ping lost", "status": "gone", "uid": 7}, "meta": {"host": "db1"}}
    other = {"check": {"title": "Ping lost", "status": "fine", "uid": 8}, "meta": {}}
    assert send(f"/in/generic/{key}/", {"events": [event, other]}).json()["alerts"] == 2

    found = Alert.objects.get()
    assert (found.name, found.fingerprint, found.labels) == ("Ping lost", "7", {"host": "db1"})


@pytest.mark.parametrize("body", [[], {}, {"name": {}}, {"alerts": [1]}, 5, "x", {"name": ""}])
def test_json_without_a_name_is_refused(intake_of, body):
    _, key = intake_of("generic")

    answer = send(f"/in/generic/{key}/", body)
    assert answer.status_code == (200 if body == [] else 400)
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    "mapping",
    [
        {"odd": "$.a"},
        {"name": "a.b"},
        {"name": "$.["},
        {"name": 5},
        {"name": "$..a..b"},
        {"name": "$..a[?@..b]"},
        {"name": "$[?search(@.a, '(a+)+$')]"},
        {"name": "$[?!(@.b && match(@.a, 'a'))]"},
        {"alerts": "$[?count($[?count($[*])>0])>0]"},
        {"alerts": "$[?$.a]"},
        {"alerts": "$[?@.a == 1e999]"},
        {"alerts": "$[?@[?@.a]]"},
        {"alerts": "$[?@[*]]"},
        {"alerts": "$[?@.a == value(@..b)]"},
        {"alerts": "$[?length(@.a) > count(@.*)]"},
        {"alerts": "$" + "[*,*]" * 17},
        {"alerts": "$[*,'a']"},
        {"alerts": "$['a',\"a\"]"},
        {"alerts": "$[0,-1]"},
        {"alerts": "$[0:2,3]"},
        {"alerts": "$[?@.a,?@.b]"},
        {"alerts": "$" + "[*]" * 21},
        {"alerts": "$[?" + "!(" * 90 + "$.a" + ")" * 90 + "]"},
        {"alerts": "$..a", "name": "$..b"},
        {"resolved": "ok"},
        {"resolved": []},
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(intake_of, mapping):
    with pytest.raises(ValidationError):
        intake_of("generic", mapping=mapping)
    assert not Intake.objects.exists()


def test_a_path_may_look_below_once_and_quote_dots(intake_of):
    _, key = intake_of("generic", mapping={"name": "$..check['a..b']"})
    answer = send(f"/in/generic/{key}/", {"deep": {"check": {"a..b": "Ping lost"}}})

    assert answer.status_code == 200
    assert Alert.objects.get().name == "Ping lost"


def test_a_path_may_have_several_names_and_a_filter(intake_of):
    mapping = {"alerts": "$['new','old'][?@.kind == 'alert' && length(@.title) > 0]"}
    _, key = intake_of("generic", mapping=mapping)
    event = {"kind": "alert", "title": "Ping lost"}
    answer = send(f"/in/generic/{key}/", {"old": [event, {"kind": "note"}], "new": [event]})

    assert answer.json()["alerts"] == 2


def test_a_mapping_that_is_not_taken_any_more_is_not_followed(intake_of):
    intake, key = intake_of("generic")
    Intake.objects.filter(pk=intake.pk).update(mapping={"alerts": "$" + "[*,*]" * 17})
    answer = send(f"/in/generic/{key}/", [[]])

    assert answer.status_code == 400
    assert "The mapping cannot be followed" in Received.objects.get().error


def test_of_too_many_values_no_more_are_looked_for(monkeypatch):
    looked = []

    class Path:
        def finditer(self, data):
            for value in data:
                looked.append(value)
                yield SimpleNamespace(value=value)

    monkeypatch.setattr(paths, "compiled", lambda path: Path())

    assert paths.found("$[*]", range(1000), 3) == [0, 1, 2, 3]
    assert looked == [0, 1, 2, 3]
