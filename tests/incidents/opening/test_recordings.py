"""What a real Alertmanager sent, with the engine at work between any two deliveries."""

from random import Random

import pytest

from incidents.models import Incident
from portal.monitoring.models import Alert
from tests.monitoring.conftest import am, intake_of  # noqa: F401
from tests.monitoring.test_recordings import recorded  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(2))
def test_repeated_and_shuffled_deliveries_open_one_incident_a_group(seed, recorded, am, engine):  # noqa: F811
    bodies = recorded * (1 + seed)
    Random(seed).shuffle(bodies)
    for body in bodies:
        assert am(body=body).status_code == 200
        engine()

    groups = [*Incident.objects.open().values_list("group_key", flat=True)]
    assert len(groups) == len(set(groups)) > 3
    urgent = Alert.objects.firing().filter(severity="critical")
    assert urgent.exists() and not urgent.filter(in_incident=None).exists()
    count = Incident.objects.count()
    for body in recorded:
        am(body=body)
    engine()
    assert Incident.objects.count() == count
