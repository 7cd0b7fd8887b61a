"""What a real Alertmanager sent, replayed and shuffled, always ends in the same state."""

import json
from random import Random

import pytest

from portal.monitoring.models import Alert, AlertState, Event, Received
from tests.monitoring.conftest import standing

pytestmark = pytest.mark.django_db
SHUFFLED = range(6)


@pytest.fixture(scope="module")
def recorded(shared):
    path = shared("alertmanager/captured.json")
    return [each["body"] for each in json.loads(path.read_text())]


@pytest.fixture
def in_order(recorded, am):
    for body in recorded:
        assert am(body=body).status_code == 200
    return standing()


def test_each_alert_has_the_state_that_it_had_last(in_order):
    of = {each.fingerprint: each for each in Alert.objects.firing()}

    assert of["ba209197ed2dd86e"].starts_at.microsecond == 726584  # replica A ended, B still fires
    flapping = Alert.objects.filter(fingerprint__startswith="350e3b").order_by("starts_at")
    assert [each.state for each in flapping] == [AlertState.RESOLVED, AlertState.FIRING]


def test_what_was_left_out_is_no_news_of_anything(in_order):
    assert Received.objects.filter(truncated=195).exists()
    assert Alert.objects.filter(name="Many", state=AlertState.RESOLVED).count() == 0


def test_no_alert_fires_twice(in_order):
    firing = list(Alert.objects.firing().values_list("source", "fingerprint"))

    assert len(firing) == len(set(firing))


@pytest.mark.parametrize("seed", SHUFFLED)
def test_shuffled_repeats_end_the_same(seed, recorded, in_order, am):
    Event.objects.all().delete()
    Alert.objects.all().delete()
    random = Random(seed)
    bodies = recorded * (1 + seed % 5)
    random.shuffle(bodies)
    for body in bodies:
        assert am(body=body).status_code == 200

    assert standing() == in_order
