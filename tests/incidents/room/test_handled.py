"""Alerts and runs say which incident has them, and who has that."""

import re

import pytest

from runbooks.models import Run
from tests.incidents.world import declare
from tests.monitoring.world import make_alerts

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


@pytest.fixture
def alert():
    return make_alerts()[0]


@pytest.fixture
def incident(rita, alert):
    found = declare(rita)
    found.join_alerts([alert])
    return found


def main(client, address) -> str:
    html = client.get(address).content.decode().partition('id="main"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_alert_names_its_incident_wherever_it_stands(alert, incident, rita, client_of):
    client = client_of(rita)
    for address in (alert.get_absolute_url(), "/monitoring/alerts/", "/"):
        said = main(client, address)
        assert re.search(f"[Ii]n {incident.name} ?, not acknowledged", said), address

    page = client.get(alert.get_absolute_url()).content.decode()
    assert f"Open {incident.name}" in page
    assert f"/incidents/new/?alert={alert.pk}" not in page


def test_it_says_who_has_it_and_how_it_ended(alert, incident, rita, client_of):
    incident.acknowledge(by=rita)
    assert f"In {incident.name} , {rita} has it" in main(client_of(rita), alert.get_absolute_url())

    incident.resolve(by=rita)
    page = client_of(rita).get(alert.get_absolute_url()).content.decode()
    assert "</a>, resolved" in page and f"/incidents/new/?alert={alert.pk}" in page


def test_a_restricted_one_is_named_to_nobody_else(alert, incident, rita, alice, client_of):
    incident.restrict(by=rita)

    for address in (alert.get_absolute_url(), "/monitoring/alerts/", "/"):
        assert incident.name not in main(client_of(alice), address)
    assert incident.name in main(client_of(rita), alert.get_absolute_url())


def test_a_run_leads_back_to_its_incident(disk, incident, rita, client_of):
    run = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    incident.join_run(run, by=rita)

    assert f"In {incident.name} , not acknowledged" in main(client_of(rita), run.get_absolute_url())


def test_who_acknowledges_the_incident_has_its_alerts(alert, incident, rita, client_of):
    incident.acknowledge(by=rita)

    alert.refresh_from_db()
    assert alert.acknowledged_by == rita and alert.acknowledged_at == incident.acknowledged_at
    assert "Alerts to acknowledge" in main(client_of(rita), "/")  # the other one
    assert alert.name not in main(client_of(rita), "/")


def test_what_somebody_else_has_stays_theirs(alert, incident, rita, alice):
    alert.acknowledge(by=alice)
    incident.acknowledge(by=rita)

    alert.refresh_from_db()
    assert alert.acknowledged_by == alice
