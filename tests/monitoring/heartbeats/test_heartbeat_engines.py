"""Engines as they run: many at once. Those that are killed: house/test_crash_points.py."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.core.data import clock
from portal.core.ops import engine
from portal.monitoring.heartbeats.announcements import announce
from portal.monitoring.models import Alert, Call, Flip, Heartbeat, Instance, Ping, PingKey
from portal.notifications.models import Delivery
from tests.conftest import make_person
from tests.runbooks.test_concurrency import at_once

MINUTE = timedelta(minutes=1)
ENGINES, HEARTBEATS, PINGS = 8, 40, 10

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]


def late(count: int) -> None:
    """So many that should have reported an hour ago."""
    began = timezone.now() - timedelta(hours=2)
    for n in range(count):
        heartbeat = Heartbeat.objects.make(f"Job {n}", every=50 * MINUTE, grace=MINUTE, at=began)
        row = heartbeat.instances.create()
        Instance.objects.get(pk=row.pk).take(Call(), at=began)


def work(index) -> None:
    while Instance.objects.drop_one(clock.now()):
        pass
    while announce(clock.now()):
        pass


def test_of_many_engines_one_takes_each_down_and_one_tells():
    late(HEARTBEATS)
    at_once(ENGINES, work)
    work(0)

    assert Instance.objects.filter(state="down").count() == HEARTBEATS
    assert Flip.objects.filter(after="down").count() == HEARTBEATS
    assert Alert.objects.firing().count() == HEARTBEATS
    assert not Flip.objects.unannounced().exists()


def test_pings_at_once_are_all_kept_and_numbered_without_a_gap():
    heartbeat = Heartbeat.objects.make("Busy", every=MINUTE)

    def ping(index):
        client = Client()
        return [client.get(f"/ping/{heartbeat.uuid}").status_code for _ in range(PINGS)]

    answers = [status for statuses in at_once(ENGINES, ping) for status in statuses]

    assert answers == [200] * ENGINES * PINGS
    numbers = Ping.objects.order_by("n").values_list("n", flat=True)
    assert list(numbers) == list(range(1, ENGINES * PINGS + 1))
    assert Instance.objects.get().pings == ENGINES * PINGS


def test_of_programs_that_make_the_same_heartbeat_at_once_one_does():
    key = PingKey.objects.issue("hosts", owner=None, by=make_person("olga", "operator")).key

    def ping(index):
        return Client().get(f"/ping/{key}/new-job?create=1").status_code

    answers = sorted(at_once(ENGINES, ping))

    assert answers == [200] * (ENGINES - 1) + [201]
    assert Heartbeat.objects.count() == 1 and Ping.objects.count() == ENGINES


def test_pings_of_a_paused_fleet_at_once_are_all_kept_and_resume_it_once():
    heartbeat = Heartbeat.objects.make("Fleet", every=MINUTE)
    names = [f"host-{index}" for index in range(ENGINES)]
    for name in names:
        heartbeat.instances.create(name=name)
    heartbeat.pause(by=None)

    def ping(index):
        return Client().get(f"/ping/{heartbeat.uuid}?instance={names[index]}").status_code

    assert at_once(ENGINES, ping) == [200] * ENGINES
    assert Ping.objects.count() == ENGINES
    assert Instance.objects.filter(state="up", down_at__isnull=False).count() == ENGINES
    assert Flip.objects.filter(before="paused").count() == 1


def test_the_engine_does_it_all_and_once():
    make_person("olga", "operator")
    late(1)

    assert engine.once() == [] and engine.once() == []
    of_alerts = Delivery.objects.filter(key__startswith="alerts-")
    assert Alert.objects.firing().count() == of_alerts.count() == 1


@pytest.mark.usefixtures("shared_database")
def test_a_ping_on_a_kept_connection_that_was_cut_is_stored_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection that could be cut")
    heartbeat = Heartbeat.objects.make("Busy", every=timedelta(minutes=1))
    assert Client().get(f"/ping/{heartbeat.uuid}").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    cut = connection.copy()
    with cut.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    cut.close()

    assert Client().get(f"/ping/{heartbeat.uuid}").status_code == 200
    assert list(Ping.objects.order_by("n").values_list("n", flat=True)) == [1, 2]
