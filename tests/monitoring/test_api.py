"""Alerts and intakes as programs see them."""

import pytest
from django.test import Client

from portal.monitoring.models import Alert, Intake
from tests.monitoring.conftest import alert, payload
from tests.monitoring.world import make_alerts

pytestmark = pytest.mark.django_db
JSON = "application/json"
ALERTS, INTAKES = "/api/v1/alerts/", "/api/v1/intakes/"


@pytest.fixture
def rows(db):
    return make_alerts()


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def test_alerts_come_newest_first(rows, api, nina):
    assert names(api(nina).get(ALERTS)) == ["DiskFillsUp", "NobodyKnows", "Ended"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=resolved", ["Ended"]),
        ("state=firing", ["DiskFillsUp", "NobodyKnows"]),
        ("name=NobodyKnows", ["NobodyKnows"]),
        ("name=NobodyKnows&name=Ended", ["NobodyKnows", "Ended"]),
        ("service=none&state=resolved", ["Ended"]),
        ("since=2099-01-01T00:00:00Z", []),
        ("severity=critical&state=unattended&limit=1", ["DiskFillsUp"]),
    ],
)
def test_filters_narrow_them(rows, api, nina, query, found):
    assert names(api(nina).get(f"{ALERTS}?{query}")) == found


@pytest.mark.parametrize("query", ["state=odd", "service=nowhere", "since=soon", "stat=firing"])
def test_what_is_not_understood_is_refused(rows, api, nina, query):
    assert api(nina).get(f"{ALERTS}?{query}").status_code == 400


def test_one_has_all_that_is_known(rows, api, nina):
    found = api(nina).get(f"{ALERTS}{rows[0].pk}/").json()

    assert (found["name"], found["state"], found["summary"]) == (
        "DiskFillsUp",
        "firing",
        "DiskFillsUp fires",
    )
    assert (found["useful"], found["noise"], found["acknowledged_at"]) == (0, 0, None)
    assert api(nina).get(f"{ALERTS}999999/").status_code == 404


def test_a_responder_acknowledges_and_rates(rows, api, rita, alice):
    address = f"{ALERTS}{rows[0].pk}/"
    done = api(rita).post(f"{address}acknowledge/", {}, content_type=JSON)
    assert (done.status_code, done.json()["acknowledged_by"]) == (200, "rita")
    again = api(alice).post(f"{address}acknowledge/", {}, content_type=JSON)
    assert (again.status_code, again.json()["type"]) == (409, "/api/problems/acknowledged")

    rated = api(rita).post(f"{address}rate/", {"useful": False}, content_type=JSON)
    assert (rated.json()["useful"], rated.json()["noise"]) == (0, 1)
    ended = api(rita).post(f"{address}resolve/", {"note": "Odd"}, content_type=JSON)
    assert (ended.json()["state"], ended.json()["resolved_by"]) == ("resolved", "rita")


def test_a_reader_and_a_read_token_change_nothing(rows, api, nina, rita):
    address = f"{ALERTS}{rows[0].pk}/acknowledge/"

    assert api(nina).post(address, {}, content_type=JSON).status_code == 403
    assert api(rita, "monitoring:read").post(address, {}, content_type=JSON).status_code == 403
    assert api(rita, "runbooks:read").get(ALERTS).status_code == 403


def test_what_a_name_leads_to_has_moved(api, nina, disk_fills_up):
    client = api(nina)
    now = client.get("/api/v1/alert-names/DiskFillsUp/")
    before = client.get("/api/v1/alerts/DiskFillsUp/")

    assert now.json()["runbook"]["slug"] == "disk-fills-up"
    assert before.json() == now.json()
    assert "Deprecation" not in now.headers
    assert before.headers["Deprecation"].startswith("@")
    assert before.headers["Sunset"] == "Wed, 01 Dec 2027 00:00:00 GMT"
    assert '/api/v1/alert-names/DiskFillsUp/>; rel="successor-version"' in before.headers["Link"]


def test_an_operator_makes_and_revokes_an_intake(api, olga, rita, settings):
    client = api(olga)
    made = client.post(INTAKES, {"name": "Prometheus", "kind": "alertmanager"}, content_type=JSON)
    assert made.status_code == 201
    path = made.json()["address"].removeprefix(settings.ADDRESS)
    sent = Client().post(path, payload(alert()), content_type=JSON)
    assert sent.status_code == 200 and Alert.objects.count() == 1

    shown = client.get(made.headers["Location"]).json()
    assert "key" not in shown and shown["received_at"]
    assert client.post(f"{made.headers['Location']}revoke/", {}, content_type=JSON).json()[
        "revoked_at"
    ]
    assert (
        client.post(f"{made.headers['Location']}revoke/", {}, content_type=JSON).status_code == 409
    )
    assert api(rita).get(INTAKES).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "A", "kind": "odd"},
        {"name": "A", "kind": "generic", "mapping": {"odd": "$.a"}},
        {"name": "A", "kind": "generic", "is_signed": True},
        {"name": "A", "kind": "generic", "service_labels": ["<x>"]},
    ],
)
def test_an_intake_that_cannot_be_is_refused(api, olga, body):
    assert api(olga).post(INTAKES, body, content_type=JSON).status_code == 400
    assert not Intake.objects.exists()
