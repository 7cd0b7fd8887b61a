"""Muting through the API."""

import pytest
from django.utils import timezone

from portal.monitoring.models import Alert, Silence, Window
from portal.notifications.models import Delivery

from .conftest import matcher

pytestmark = pytest.mark.django_db
NEW = {"matchers": [matcher("service", "=", "orders")], "minutes": 60, "reason": "Known"}
PLAN = {"title": "Move", "services": ["orders"], "minutes": 60}


@pytest.fixture
def call(api, rita):
    client = api(rita)

    def post(address, body=None, **headers):
        return client.post(
            f"/api/v1/{address}", body or {}, content_type="application/json", headers=headers
        )

    post.get = lambda address: client.get(f"/api/v1/{address}")
    return post


def test_a_silence_is_made_read_extended_and_ended(call, fire):
    fire(at=timezone.now())
    made = call("silences/", NEW)
    assert made.status_code == 201
    pk = made.json()["id"]
    (alert,) = call.get("alerts/?state=muted").json()["results"]
    assert (alert["muted_by"], alert["muted_until"]) == ("silence", made.json()["ends_at"])
    assert "“Known”" in alert["muted_why"]
    assert call.get("alerts/?state=unattended").json()["results"] == []

    longer = call(f"silences/{pk}/extend/", {"minutes": 120}).json()
    assert longer["ends_at"] > made.json()["ends_at"]
    assert call(f"silences/{pk}/end/").json()["ended_by"] == "rita"
    assert call(f"silences/{pk}/end/").json()["type"].endswith("/silence-over")
    assert [row["id"] for row in call.get("silences/?state=past").json()["results"]] == [pk]
    assert call.get("silences/?state=active").json()["results"] == []


def test_an_alert_is_snoozed(call, fire):
    alert = fire(at=timezone.now())
    answer = call(f"alerts/{alert.pk}/snooze/", {"minutes": 30, "reason": "Fix is out"})

    assert (answer.status_code, answer.json()["muted_by"]) == (200, "silence")
    assert call.get("silences/").json()["results"][0]["alert"] == "DiskFillsUp"


def test_the_same_key_makes_one(call):
    for _ in range(2):
        assert call("silences/", NEW, **{"Idempotency-Key": "one"}).status_code == 201

    assert Silence.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": None},
        {"minutes": 0},
        {"minutes": 50_000},
        {"ends_at": "2030-01-01T00:00:00Z"},
        {"reason": ""},
        {"matchers": []},
        {"matchers": "alertname=x"},
        {"matchers": [matcher("a", "=~", "(")]},
        {"matchers": [matcher("a", "=", "b")] * 10_000},
        {"matchers": [{**matcher("a", "=", "b"), "more": 1}]},
        {"who": "me"},
    ],
)
def test_wrong_ones_are_refused(call, change):
    body = {name: value for name, value in (NEW | change).items() if value is not None}
    answer = call("silences/", body)

    assert (answer.status_code, Silence.objects.count()) == (400, 0)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("operator", ["==", "", "~", "=~x", "= ="])
def test_an_unknown_operator_is_refused_with_those_there_are(call, operator):
    answer = call("silences/", NEW | {"matchers": [matcher("a", operator, "b")]})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (400, "/matchers/0/operator")
    assert not operator or error["detail"] == "Use one of = != =~ !~"


def test_maintenance_is_planned_listed_and_cancelled(call, service):
    service("orders")
    made = call("maintenance/", PLAN)
    assert made.status_code == 201
    assert made.json()["services"] == ["orders"]
    (window,) = call.get("maintenance-windows/?state=active&service=orders").json()["results"]
    assert window["maintenance"] == made.json()["id"]
    assert call(f"maintenance-windows/{window['id']}/end/").json()["ended_by"] == "rita"
    assert call(f"maintenance/{made.json()['id']}/cancel/").status_code == 409


def test_recurring_maintenance_has_windows(call, service):
    service("orders")
    made = call("maintenance/", {**PLAN, "cron": "0 3 * * 0", "zone": "Europe/Berlin"}).json()

    assert Window.objects.filter(maintenance=made["id"]).count() in (8, 9)
    assert call(f"maintenance/{made['id']}/cancel/").json()["cancelled_at"]


@pytest.mark.parametrize(
    "change",
    [
        {"services": ["nothing"]},
        {"services": []},
        {"is_for_all": True},
        {"minutes": 1},
        {"cron": "* * * * *"},
        {"zone": "Mars/Olympus"},
        {"starts_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_wrong_plans_are_refused(call, service, change):
    service("orders")
    answer = call("maintenance/", PLAN | change)

    assert (answer.status_code, Window.objects.count()) == (400, 0)


def test_readers_read_and_may_not_mute(api, nina, fire):
    alert = fire(at=timezone.now())
    client = api(nina)
    assert client.get("/api/v1/silences/").status_code == 200
    assert client.get("/api/v1/maintenance/").status_code == 200
    for address, body in (
        ("silences/", NEW),
        ("maintenance/", PLAN),
        (f"alerts/{alert.pk}/snooze/", {"minutes": 5}),
    ):
        answer = client.post(f"/api/v1/{address}", body, content_type="application/json")
        assert answer.status_code == 403
    assert Alert.objects.calling().count() == 1
    assert Delivery.objects.count() == 1


def test_unknown_names_are_refused(call):
    assert call.get("silences/?phase=past").status_code == 400
    assert call.get("silences/?state=gone").status_code == 400
    assert call.get("maintenance-windows/?service=nothing").status_code == 400
