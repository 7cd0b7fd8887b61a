"""In whatever order reports arrive, and however often, the episodes are the same."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Alert
from portal.notifications.models import Delivery
from tests.monitoring.conftest import alert

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


def test_the_offset_of_the_tool_decides_nothing(am, rita):
    team = Team.objects.create(slug="shop", name="Shop")
    team.members.add(rita)
    Service.objects.create(slug="orders", name="Orders", owner=team)
    texts, keys, rows = [], [], []
    for start in ("2026-11-23T10:00:00+02:00", "2026-11-23T08:00:00Z"):
        Alert.objects.all().delete()
        Delivery.objects.all().delete()
        am(alert("DiskFillsUp", fingerprint="one", service="orders") | {"startsAt": start})
        rows += Alert.objects.values_list("starts_at", "spans")
        keys += Delivery.objects.values_list("key", flat=True)
        texts += Delivery.objects.values_list("text", flat=True)

    assert len(keys) == 2 and keys[0] == keys[1]
    assert "firing since 23 Nov 2026, 08:00:00 UTC" in texts[0]
    assert rows[0] == rows[1]
    assert rows[0][1] == [["2026-11-23T08:00:00+00:00", []]]


def test_what_was_kept_with_an_offset_is_the_same_start(am):
    am(alert(fingerprint="one"))
    Alert.objects.update(spans=[["2026-11-23T10:00:00+02:00", []]])
    am(alert(fingerprint="one"))

    found = Alert.objects.get()
    assert (found.deliveries, found.spans) == (2, [["2026-11-23T08:00:00+00:00", []]])


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=30)])
def test_a_clock_of_ours_that_jumps_and_comes_back_tells_nothing_twice(jump, intake_of, rita):
    intake, now = intake_of()[0], timezone.now()
    report = Report("a", "A", True, starts_at=now, labels={"alertname": "A"})
    for at in (now, now + jump, now, now + jump):
        take([report], source=intake.source, at=at, intake=intake)

    found = Alert.objects.get()
    assert found.is_firing and found.starts_at == now and found.deliveries == 4
    assert found.received_at == max(now, now + jump)
    assert Delivery.objects.values("key").distinct().count() <= 1
