"""In whatever order reports arrive, and however often, the episodes are the same."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Alert

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 23, tzinfo=UTC)
LATER = DAY + timedelta(days=1)
STREAMS, ORDERS = range(12), 4


def reports_of(random) -> list[Report]:
    """What two replicas say of three alerts that fire, end and fire again."""
    made = []
    for name in "abc":
        at = DAY
        for _ in range(random.randint(1, 4)):
            at += timedelta(seconds=random.choice([1, 40, 700, 4000]))
            starts = [at + timedelta(milliseconds=3 * n) for n in range(random.randint(1, 2))]
            at += timedelta(seconds=random.choice([5, 90, 900]))
            for start in starts:
                made.append(report(name, start))
                if random.random() < 0.8:
                    made.append(report(name, start, end=at))
    return made


def report(name, start, end=None) -> Report:
    return Report(fingerprint=name, name=name, is_firing=end is None, starts_at=start, ends_at=end)


def state_after(reports, random) -> list:
    Alert.objects.all().delete()
    while reports:
        size = random.randint(1, 4)
        take(reports[:size], source="test", at=LATER)
        reports = reports[size:]
    rows = Alert.objects.order_by("fingerprint", "starts_at")
    return list(rows.values_list("fingerprint", "state", "starts_at", "ends_at", "spans"))


@pytest.mark.parametrize("seed", STREAMS)
def test_the_order_of_arrival_decides_nothing(seed):
    random = Random(seed)
    reports = reports_of(random)
    expected = state_after(list(reports), random)
    for _ in range(ORDERS):
        shuffled = reports * random.randint(1, 3)
        random.shuffle(shuffled)

        assert state_after(shuffled, random) == expected
    assert Alert.objects.firing().count() <= 3
