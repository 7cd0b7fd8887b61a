"""The engine does units until there are none; what fails waits and holds up nobody else."""

from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError

from portal.core.ops import engine
from portal.core.ops.engine import IDLE, LONGEST_REST, LONGEST_WITHOUT_DATABASE, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(monkeypatch):
    """Duties of this test in place of those of the portal."""
    monkeypatch.setattr(engine, "_duties", {})
    return engine.register


@pytest.fixture
def stop():
    return Event()


def units(count: int, done: list):
    """A duty that has so many units, and notes the time it was given for each."""

    def unit(now):
        if len(done) == count:
            return False
        done.append(now)
        return True

    return unit


def failing(error):
    def unit(now):
        raise error

    return unit


def test_it_does_all_units_of_all_duties(register):
    few, many = [], []
    register("few", units(2, few))
    register("many", units(100, many))

    call_command("engine", once=True)

    assert (len(few), len(many)) == (2, 100)
    assert many == sorted(many)


def test_a_name_stands_for_one_duty(register):
    old, new = [], []
    register("a", units(1, old))
    register("a", units(1, new))

    engine.once()

    assert (len(old), len(new)) == (0, 1)


def test_one_that_fails_does_not_stop_the_others(register, caplog):
    done = []
    register("bad", failing(ValueError("broken")))
    register("good", units(3, done))

    with pytest.raises(CommandError, match="bad"):
        call_command("engine", once=True)

    assert len(done) == 3
    assert "bad failed" in caplog.text and "ValueError: broken" in caplog.text


def test_one_that_fails_rests_longer_each_time(stop):
    duty = Duty("bad", failing(ValueError()))

    rests = [duty.round(stop) for _ in range(12)]

    assert rests[:4] == [1, 2, 4, 8]
    assert rests[-1] == LONGEST_REST
    duty.unit = units(0, [])
    assert duty.round(stop) == IDLE
    assert duty.failures == 0


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_without_a_database_it_waits_a_little_and_says_so(stop, caplog, kind):
    caplog.set_level("WARNING")
    duty = Duty("mail", failing(kind("gone")))

    rests = [duty.round(stop) for _ in range(6)]

    assert max(rests) == LONGEST_WITHOUT_DATABASE
    assert "The database does not answer, mail waits: gone" in caplog.text
    assert "Traceback" not in caplog.text


def test_told_to_end_it_ends_after_the_unit(stop):
    done = []

    def unit(now):
        done.append(now)
        stop.set()
        return True

    Duty("endless", unit).round(stop)

    assert len(done) == 1


def test_the_duties_of_the_portal_are_registered():
    assert {"beat", "deliveries"} <= set(engine._duties)
