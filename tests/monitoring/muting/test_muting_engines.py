"""Engines at the same moment: each change is made, and told of, once."""

import pytest
from django.db import connection

from portal.monitoring.maintenance.announcements import announce
from portal.monitoring.models import Alert, Muting, Silence, Window
from portal.monitoring.muting import verbs
from portal.monitoring.muting.settlement import settle
from portal.notifications.models import Delivery
from tests.conftest import make_person
from tests.runbooks.test_concurrency import at_once

from .conftest import AT, after, matcher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]
ENGINES, ALERTS = 6, 12


@pytest.fixture
def rita(shared_database):
    return make_person("rita", "responder")


def counted(subject: str) -> int:
    return Delivery.objects.filter(subject__startswith=subject).count()


def test_many_engines_announce_once_what_still_fires(rita, fire):
    until = after(hours=1)
    column = [matcher("service", "=", "orders")]
    verbs.silence(column, by=rita, at=AT, ends_at=until, reason="Known")
    for number in range(ALERTS):
        fire(f"Alert{number}", at=after(minutes=1))
    assert Alert.objects.muted().count() == ALERTS

    changed = at_once(ENGINES, lambda index: settle(until))

    assert changed.count(True) == 1
    assert counted(f"{ALERTS} alerts still fire") == 1
    assert not Muting.objects.open().exists()
    assert Alert.objects.calling().count() == ALERTS


def test_many_engines_announce_a_window_once(rita, fire, service):
    verbs.plan(
        services=[service("orders")],
        by=rita,
        at=AT,
        title="Move",
        starts_at=AT,
        duration=after(hours=1) - AT,
    )
    at_once(ENGINES, lambda index: announce(after(minutes=1)))
    at_once(ENGINES, lambda index: announce(after(hours=1)))

    assert (counted("Maintenance begins"), counted("Maintenance is over")) == (1, 1)


def test_two_people_end_a_silence_and_one_is_told_that_it_is_over(rita, fire):
    column = [matcher("service", "=", "orders")]
    row = verbs.silence(column, by=rita, at=AT, ends_at=after(hours=1), reason="Known")
    fire(at=after(minutes=1))

    def end(index):
        mine = Silence.objects.get(pk=row.pk)
        return verbs.end(mine, by=rita, at=after(minutes=2))

    found = at_once(4, end)
    assert found.count(None) == 1
    assert counted("Still fires") == 1


@pytest.mark.parametrize(
    "table", ["monitoring_muting", "monitoring_alert", "notifications_delivery"]
)
def test_an_engine_that_dies_leaves_all_of_it_to_the_next(rita, fire, table):
    column = [matcher("service", "=", "orders")]
    verbs.silence(column, by=rita, at=AT, ends_at=after(hours=1), reason="Known")
    fire(at=after(minutes=1))

    def dying(execute, sql, *how):
        if sql.startswith(("UPDATE", "INSERT")) and f'"{table}"' in sql:
            raise KeyboardInterrupt
        return execute(sql, *how)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(dying):
        settle(after(hours=1))
    assert (Muting.objects.open().count(), counted("Still fires")) == (1, 0)

    assert settle(after(hours=1))
    assert (Muting.objects.open().count(), counted("Still fires")) == (0, 1)


def test_windows_of_one_plan_are_made_once(rita, fire, service):
    plan = verbs.plan(
        services=[service("orders")],
        by=rita,
        at=AT,
        title="Move",
        starts_at=AT,
        duration=after(hours=1) - AT,
        cron="0 3 * * *",
        zone="UTC",
    )
    before = Window.objects.count()
    at_once(4, lambda index: type(plan).objects.get(pk=plan.pk).extend(after(days=2)))

    assert Window.objects.count() == before + 2
