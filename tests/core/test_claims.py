"""One worker at a time has a row, for one lease; whoever lost it records nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, models
from django.test.utils import isolate_apps
from django.utils import timezone

from portal.core.data import clock
from portal.core.data.claims import Claimable, ClaimableQuerySet, pause_after
from portal.core.problems import Overtaken

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def chore():
    """A claimable that has no state of its own: it is due again and again."""
    with isolate_apps("portal.core"):

        class Chore(Claimable):
            done = models.PositiveIntegerField(default=0)
            objects = ClaimableQuerySet.as_manager()

            class Meta:
                app_label = "core"

    return Chore


@pytest.fixture
def chores(chore, db):
    statement, values = connection.schema_editor().table_sql(chore)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    return chore.objects


@pytest.fixture
def now():
    return timezone.now()


def test_it_works(chores, now):
    chores.create(due_at=now)

    taken = chores.model.claim(now)
    taken.conclude(done=1, due_at=now + SECOND)

    assert (taken.fence, taken.attempts, taken.lease_until) == (1, 1, None)
    assert chores.model.claim(now) is None
    assert chores.model.claim(now + SECOND).pk == taken.pk


def test_what_is_due_first_is_taken_first_and_what_was_abandoned_before_it(chores, now):
    later, first = chores.create(due_at=now), chores.create(due_at=now - SECOND)

    assert chores.model.claim(now).pk == first.pk
    assert chores.model.claim(now + chores.model.LEASE).pk == first.pk
    assert chores.model.claim(now).pk == later.pk
    assert chores.model.claim(now) is None


def test_whoever_stood_still_records_nothing(chores, now):
    chores.create(due_at=now)
    stale = chores.model.claim(now)
    newer = chores.model.claim(now + stale.LEASE)

    with pytest.raises(Overtaken):
        stale.require_lease(now + stale.LEASE)
    with pytest.raises(Overtaken):
        stale.conclude(done=7)
    newer.conclude(done=1)
    with pytest.raises(Overtaken):
        newer.conclude(done=2)
    assert chores.get().done == 1


def test_taken_away_its_record_is_refused(chores, now):
    chores.create(due_at=now)
    stale = chores.model.claim(now)

    assert chores.free(now).count() == 0
    assert chores.all().take_away(due_at=now) == 1
    assert chores.free(now).count() == 1
    with pytest.raises(Overtaken):
        stale.conclude(done=7)


def test_what_a_clock_that_jumped_put_off_is_due_now_and_its_record_refused(chores, now):
    month, soon = now + timedelta(days=30), now + timedelta(hours=1)
    put_off, planned = chores.create(due_at=month), chores.create(due_at=soon)
    chores.create(due_at=now)
    held = chores.model.claim(now + timedelta(days=30))

    assert chores.bring_back(now, done=3) == 2
    with pytest.raises(Overtaken):
        held.conclude(done=7)
    assert set(chores.due(now).values_list("pk", "done")) == {(put_off.pk, 3), (held.pk, 3)}
    assert chores.get(pk=planned.pk).due_at == soon
    assert chores.bring_back(now) == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no clock of its own")
def test_engines_go_by_the_clock_of_the_database(chores, now):
    with time_machine.travel(now + timedelta(minutes=2)):
        assert clock.now() < now + timedelta(minutes=1)


def test_the_clock_is_that_of_this_machine_where_the_database_has_none(now):
    assert abs(clock.now() - now) < timedelta(minutes=1)
    assert timezone.is_aware(clock.now())


def test_pauses_grow_to_an_hour():
    pauses = [pause_after(attempts) for attempts in (1, 2, 3, 99)]

    assert [pause.total_seconds() for pause in pauses] == [30, 60, 120, 3600]
