"""An engine that was away for hours, and clocks that jump: each is called once."""

from datetime import timedelta

import pytest

from incidents.escalation import repeats
from tests.incidents.world import declare, make_policy, make_service

from .conftest import NOW, at, told, work, work_until

pytestmark = pytest.mark.django_db
FIRST, SECOND = "Shop, tier 1, step 1: Rita Responder", "Shop, tier 1, step 2: Paul Approver"


@pytest.fixture
def incident(rita, paul):
    return declare(None, services=[make_service(policy=make_policy(rita, paul))], at=NOW)


def test_after_seven_hours_without_an_engine_each_has_the_time_to_answer(incident, olga):
    work(at(420))
    assert told(incident) == [(420, FIRST)]

    work_until(429)
    assert told(incident) == [(420, FIRST), (425, SECOND)]


def test_a_clock_that_stands_an_hour_behind_calls_later_and_once(incident):
    work(at(-60))
    assert told(incident) == []

    work(NOW)
    work(at(-60))
    work(at(1))
    assert told(incident) == [(0, FIRST)]


def test_a_clock_that_was_a_month_ahead_calls_nobody_twice_and_forgets_nobody(incident, caplog):
    month = timedelta(days=30)
    work(NOW + month)
    work(at(1))
    assert [text for _, text in told(incident)] == [FIRST]

    repeats.bring_back(at(1))
    work(at(1))
    assert sorted(told(incident)) == [(1, SECOND), (month // timedelta(minutes=1), FIRST)]
    assert "1 escalations" in caplog.text
