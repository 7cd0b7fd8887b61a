"""Many deliveries, several at once: none lost, none double, and a replay adds none."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import Error, close_old_connections, connection, connections
from django.test import Client

from portal.monitoring.models import Alert, Event, Intake, Received
from tests.monitoring.conftest import alert, payload

SENDERS, MOST_TRIES = 6, 200
PARTS = [[alert(instance=f"{part}-{n}") for n in range(20)] for part in range(10)]


def send(address, alerts) -> int:
    try:
        answer = Client().post(address, payload(*alerts), content_type="application/json")
        return answer.status_code
    finally:
        connections.close_all()


@pytest.mark.slow
@pytest.mark.django_db
def test_what_comes_at_once_is_stored_once(shared_database):
    intake, key = Intake.objects.make("Burst", "alertmanager")
    address = f"/in/alertmanager/{key}/"
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(lambda part: send(address, part), PARTS * 3))

    assert set(answers) == {200}
    assert Alert.objects.firing().count() == Alert.objects.count() == 200
    assert set(Alert.objects.values_list("deliveries", flat=True)) == {3}
    assert Received.objects.count() == 30
    assert Event.objects.filter(change="A new episode").count() == 200
    assert intake.alerts.count() == 200


def stubbornly(address, alerts, restart) -> set[int]:
    """As Alertmanager: again until it is taken. What was answered on the way."""
    client, answers = Client(raise_request_exception=False), set()
    body = payload(*alerts)
    try:
        for attempt in range(MOST_TRIES):
            if not attempt:
                restart()
            close_old_connections()  # as each request does that comes from outside
            status = client.post(address, body, content_type="application/json").status_code
            answers.add(status)
            if status == 200:
                return answers
        raise AssertionError(f"It was never taken: {answers}")
    finally:
        connections.close_all()


def restart() -> None:
    """End all connections but this one, as a server does that is restarted at once.

    Of several at the same moment one ends the others.
    """
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to restart")
def test_what_comes_while_the_database_restarts_is_stored_once(shared_database):
    _, key = Intake.objects.make("Burst", "alertmanager")
    address = f"/in/alertmanager/{key}/"
    with ThreadPoolExecutor(SENDERS) as senders:
        found = list(senders.map(lambda part: stubbornly(address, part, restart), PARTS * 2))

    connections.close_all()  # that of this thread was ended, too
    assert set().union(*found) <= {200, 503}
    assert Alert.objects.firing().count() == Alert.objects.count() == 200
    assert Event.objects.filter(change="A new episode").count() == 200
