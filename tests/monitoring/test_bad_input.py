"""What is malformed, hostile or too large; and a database that is away."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from portal.core.ops.deadlines import STRANGERS_BODY
from portal.monitoring.alerts.reports import Report
from portal.monitoring.intakes.endpoints import LARGEST
from portal.monitoring.models import Alert, Received
from portal.wsgi import bounded
from tests.monitoring.conftest import alert, payload

pytestmark = pytest.mark.django_db

MALFORMED = {
    "nothing": b"",
    "no JSON": b"firing",
    "NaN": b'{"alerts": [NaN]}',
    "a lone surrogate": b'{"alerts": [{"status": "firing", "labels": {"a": "\\ud800"}}]}',
    "too deep": b'{"alerts": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a label too deep": b'{"alerts": [{"status": "firing", "labels": {"a": '
    + b"[" * 990
    + b"]" * 990
    + b"}}]}",
    "no UTF-8": b'{"alerts": "\xff"}',
    "a list": b"[]",
    "no alerts": b"{}",
    "alerts that are no list": b'{"alerts": {}}',
    "an alert that is a number": b'{"alerts": [1]}',
    "no labels": b'{"alerts": [{"status": "firing"}]}',
    "a state that nobody knows": b'{"alerts": [{"status": "odd", "labels": {}}]}',
    "another version": b'{"version": "5", "alerts": []}',
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_refused_with_a_reason_and_kept(am, name):
    answer = am(body=MALFORMED[name])

    assert answer.status_code == 400
    kept = Received.objects.get()
    assert kept.error == answer.json()["message"]
    assert kept.answer == 400
    assert not Alert.objects.exists()


def test_the_other_alerts_of_a_delivery_are_taken(am):
    assert am(alert(), {"status": "odd", "labels": {}}).status_code == 200

    assert Alert.objects.count() == 1
    assert "Alert 2" in Received.objects.get().error


def test_hostile_labels_are_stored_and_shown_as_text(am, olga, page_of):
    hostile = "<script>alert(1)</script>\r\nX-Injected: 1\x00"
    am(
        alert(
            hostile, team=hostile, annotations={"summary": hostile, "runbook_url": "javascript:1"}
        )
    )

    found = Alert.objects.get()
    assert "\n" not in found.name
    for address in ("/monitoring/alerts/", found.get_absolute_url(), "/monitoring/alerts/history/"):
        text = page_of(olga, address)
        assert "<script>alert(1)" not in text
        assert 'href="javascript' not in text


def test_long_texts_are_cut(am):
    am(alert("A" * 5000, **{"b" * 5000: "c" * 50_000}))

    assert len(Alert.objects.get().name) == 200


@pytest.mark.parametrize("start", ["9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z", "odd", 5, None])
def test_times_that_nobody_can_mean_are_not_believed(am, start):
    for _ in range(2):
        assert am({**alert(), "startsAt": start}).status_code == 200

    assert Alert.objects.get().is_firing


def test_a_body_of_ten_megabytes_is_refused_unread(am):
    big = b'{"alerts": ["' + b"a" * LARGEST + b'"]}'

    assert am(body=big).status_code == 413
    assert not Received.objects.exists()


def test_a_large_body_needs_no_token_at_the_intakes_alone():
    said = []

    def portal(environ, start_response):
        return [b"reached"]

    def ask(path):
        environ = {"PATH_INFO": path, "CONTENT_LENGTH": str(STRANGERS_BODY + 1)}
        return bounded(portal)(environ, lambda *answer: said.append(answer))

    assert ask("/in/alertmanager/abc/") == [b"reached"]
    assert ask("/runbooks/") != [b"reached"]


def test_whose_key_is_known_has_time_for_the_largest_body(am):
    class Connection:
        allowed = 0

        def allow(self, largest):
            self.allowed += largest

    def ask(key):
        connection = Connection()
        about = {"content_type": "application/json", "gunicorn.socket": connection}
        Client().post(f"/in/alertmanager/{key}/", payload(alert()), **about)
        return connection.allowed

    assert ask(am.key) == LARGEST
    assert ask("0" * 32) == 0


@pytest.mark.parametrize("begin", ["SELECT", "UPDATE", "INSERT"])
def test_what_cannot_be_stored_is_503_and_never_lost_by_a_2xx(am, begin):
    def broken(execute, sql, params, many, context):
        if sql.startswith(begin):
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        answer = am(alert())

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert am(alert()).status_code == 200


def test_the_body_is_kept_bounded(am):
    am(alert(**{f"label{number}": "x" * 900 for number in range(80)}))

    assert len(Received.objects.get().body) < 33_000


def test_many_deliveries_are_never_answered_429(am, settings):
    settings.API_RATE = 1

    assert {am(alert()).status_code for _ in range(20)} == {200}


def test_a_form_of_another_site_is_no_way_in(am):
    answer = Client(enforce_csrf_checks=True).post(f"/in/alertmanager/{am.key}/", {"a": "b"})

    assert answer.status_code == 400
    assert payload()["alerts"] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://wiki.example.org/disk", "https://wiki.example.org/disk"),
        ("HTTP://wiki.example.org", "HTTP://wiki.example.org"),
        ("javascript:alert(1)", ""),
        (" data:text/html,x", ""),
        ("//wiki.example.org", ""),
        ("file:///etc/passwd", ""),
        ("https://wiki.example.org/a\nb", ""),
        ("https://wiki.example.org/\u202egpj", ""),
        (5, ""),
    ],
)
def test_only_addresses_of_the_web_are_kept_as_such(given, kept):
    report = Report("one", "One", is_firing=True, generator_url=given, runbook_url=given)

    assert (report.generator_url, report.runbook_url) == (kept, kept)
