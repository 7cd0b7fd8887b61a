"""Many deliveries, several at once: none lost, none double, and a replay adds none."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from portal.monitoring.models import Alert, Event, Intake, Received
from tests.monitoring.conftest import alert, payload

SENDERS = 6
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
