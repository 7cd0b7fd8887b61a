"""A key opens its intake and nothing else; it is kept nowhere."""

import io
import json
import logging

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.core.ops.logs import JSONFormatter
from portal.monitoring.models import Alert, Intake, Received
from portal.monitoring.models.intakes import AlreadyRevoked
from tests.monitoring.conftest import alert, payload

pytestmark = pytest.mark.django_db
JSON = "application/json"


def post(address, body=None, **more):
    return Client().post(address, body or payload(alert()), content_type=JSON, **more)


def test_only_its_hash_is_stored(am):
    row = Intake.objects.values().get()

    assert am.key not in str(row)
    assert am.key.startswith(row["hint"].removesuffix("…"))


@pytest.mark.parametrize("key", ["0" * 32, "x", "a" * 5000, "ü", "%00", "' or 1=1"])
def test_another_key_is_refused_and_nothing_is_stored(am, key):
    assert post(f"/in/alertmanager/{key}/").status_code == 404
    assert not Received.objects.exists()


def test_a_key_opens_no_intake_of_another_kind(am):
    assert post(f"/in/grafana/{am.key}/").status_code == 404
    assert post(f"/in/generic/{am.key}/").status_code == 404
    answer = post("/in/pagerduty/v2/enqueue", {"routing_key": am.key, "event_action": "trigger"})
    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["/api/v1/runbooks/", "/api/v1/alerts/", "/runbooks/"])
def test_a_key_opens_nothing_else(am, address):
    answer = Client().get(address, headers={"Authorization": f"Bearer {am.key}"})

    assert answer.status_code in (302, 401)


def test_a_revoked_key_is_refused(am, olga):
    am.intake.revoke(by=olga)

    assert am(alert()).status_code == 404
    assert not Alert.objects.exists()
    with pytest.raises(AlreadyRevoked):
        am.intake.revoke(by=olga)


def test_a_key_in_the_query_is_refused(am):
    assert post(f"/in/alertmanager/?key={am.key}").status_code == 400
    assert post(f"/in/alertmanager/{am.key}/?a=b").status_code == 400
    assert not Received.objects.exists()


def test_nothing_but_post_is_taken(am):
    assert am.client.get(f"/in/alertmanager/{am.key}/").status_code == 405


def test_no_session_is_made(am):
    answer = am(alert())

    assert not answer.cookies


def test_logs_do_not_have_it(am):
    text = f"Not Found: /in/alertmanager/{am.key}/ and /ping/{am.key}/backup"
    record = logging.LogRecord("django.request", 30, "", 1, text, (), None)

    line = JSONFormatter().format(record)
    assert am.key not in line
    assert json.loads(line)["message"] == "Not Found: /in/alertmanager/…/ and /ping/…/backup"


@pytest.mark.parametrize(
    ("kind", "begin"),
    [
        ("alertmanager", "/in/alertmanager/"),
        ("grafana", "/in/grafana/"),
        ("generic", "/in/generic/"),
    ],
)
def test_the_command_prints_the_address_and_nothing_else(kind, begin, settings):
    out = io.StringIO()
    call_command("make_intake", "Prometheus eu1", "--kind", kind, stdout=out)

    address = out.getvalue().strip()
    assert address.startswith(settings.ADDRESS + begin)
    body = {"name": "Slow"} if kind == "generic" else payload(alert())
    assert post(address.removeprefix(settings.ADDRESS), body).status_code == 200


def test_the_command_prints_the_routing_key_of_pagerduty():
    out = io.StringIO()
    call_command("make_intake", "Events", "--kind", "pagerduty", stdout=out)

    assert Intake.objects.opened_by(out.getvalue().strip(), "pagerduty")


def test_the_command_refuses_a_name_that_is_taken(am):
    with pytest.raises(CommandError, match="exists"):
        call_command("make_intake", am.intake.name, "--kind", "grafana")
