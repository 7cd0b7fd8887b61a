"""The engine does units until there are none; what fails waits and holds up nobody else."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from time import monotonic

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal.core import jobs
from portal.core.ops import engine, release
from portal.core.ops.engine import IDLE, LONGEST_REST, LONGEST_WITHOUT_DATABASE, Job

PATIENCE = 30

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside_of_a_transaction(request):
    """An engine asks PostgreSQL for the time on a connection that it may close."""
    if connection.vendor == "postgresql":
        request.getfixturevalue("shared_database")


@pytest.fixture
def register(monkeypatch):
    """Jobs of this test in place of those of the portal."""
    monkeypatch.setattr(engine, "_jobs", {})
    return engine.register


@pytest.fixture
def stop():
    return Event()


def units(count: int, done: list):
    """A job that has so many units, and notes the time it was given for each."""

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


def test_it_does_all_units_of_all_jobs(register):
    few, many = [], []
    register("few", units(2, few))
    register("many", units(100, many))

    call_command("engine", once=True)

    assert (len(few), len(many)) == (2, 100)
    assert many == sorted(many)


def test_a_name_stands_for_one_job(register):
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
    job = Job("bad", failing(ValueError()))

    rests = [job.round(stop) for _ in range(12)]

    assert rests[:4] == [1, 2, 4, 8]
    assert rests[-1] == LONGEST_REST
    job.unit = units(0, [])
    assert job.round(stop) == IDLE
    assert job.failures == 0


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_without_a_database_it_waits_a_little_and_says_so(stop, caplog, kind):
    caplog.set_level("WARNING")
    job = Job("mail", failing(kind("gone")))

    rests = [job.round(stop) for _ in range(6)]

    assert max(rests) == LONGEST_WITHOUT_DATABASE
    assert "The database does not answer, mail waits: gone" in caplog.text
    assert "Traceback" not in caplog.text


def test_told_to_end_it_ends_after_the_unit(stop):
    done = []

    def unit(now):
        done.append(now)
        stop.set()
        return True

    Job("endless", unit).round(stop)

    assert len(done) == 1


def test_told_to_end_it_waits_for_all_that_hang_as_long_as_for_one(monkeypatch, caplog):
    caplog.set_level("WARNING")
    monkeypatch.setattr(engine, "GRACE", 0.1)
    end, begun = Event(), monotonic()
    threads = [Thread(target=end.wait, args=[PATIENCE], name=f"job {n % 2}") for n in range(100)]
    for thread in threads:
        thread.start()

    engine._wait_for(threads)

    end.set()
    assert monotonic() - begun < 5
    assert caplog.messages == ["Left in the middle, done again after its lease: job 0, job 1"]


def test_a_unit_that_hangs_delays_no_other_of_its_kind(stop):
    left, done, end = iter(range(20)), [], Event()

    def unit(now):
        number = next(left, None)
        if number == 0:
            end.wait(PATIENCE)
        if number == 19:
            end.set()
        done.append(number)
        return number is not None

    threads = Job("slow", unit, workers=2).threads(stop)
    for thread in threads:
        thread.start()

    assert end.wait(PATIENCE)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert [number for number in done if number is not None] == [*range(1, 20), 0]


def test_workers_that_fail_together_count_each_failure(stop):
    together, rests = Barrier(4), []

    def unit(now):
        together.wait(PATIENCE)
        raise ValueError("broken")

    job = Job("bad", unit, workers=4)
    with ThreadPoolExecutor(4) as pool:
        rests += pool.map(job.round, [stop] * 4)

    assert sorted(rests) == [1, 2, 4, 8]
    assert job.failures == 4


def test_units_that_share_a_worker_are_all_asked_though_one_fails():
    asked, now = [], timezone.now()

    def unit(name, found, error=None):
        def act(now):
            asked.append(name)
            if error:
                raise error
            return found

        return act

    both = engine.InTurn(unit("a", False), unit("b", True))
    failing = engine.InTurn(unit("c", False, ValueError("c")), unit("d", True))

    assert both(now) is True and engine.InTurn(unit("e", False))(now) is False
    with pytest.raises(ValueError, match="c"):
        failing(now)
    assert asked == ["a", "b", "e", "c", "d"]


def test_two_engines_leave_connections_for_others():
    """PostgreSQL gives a hundred, unless it is told otherwise; each worker holds one."""
    assert sum(job.workers for job in engine._jobs.values()) <= 40


def test_the_jobs_of_the_portal_are_registered():
    assert {"beat", "deliveries"} <= set(engine._jobs)


@pytest.fixture
def newer():
    """The record of a migration that this code does not have."""
    release.known()
    recorder = MigrationRecorder(connection)
    recorder.record_applied("notifications", "9999_of_the_next_release")
    yield recorder
    recorder.record_unapplied("notifications", "9999_of_the_next_release")


def test_the_database_of_this_code_is_not_refused():
    assert ("notifications", "0001_initial") in release.known()
    assert ("auth", "0001_initial") not in release.known()
    assert release.refusal() == ""


def test_an_engine_older_than_the_database_does_not_start(register, newer):
    done = []
    register("few", units(2, done))

    for options in ({}, {"once": True}):
        with pytest.raises(CommandError, match=r"notifications\.9999_of"):
            call_command("engine", **options)
    assert done == []


def test_a_migration_of_a_package_is_none_of_ours(newer):
    newer.record_unapplied("notifications", "9999_of_the_next_release")
    newer.record_applied("auth", "9999_squashed")

    assert release.refusal() == ""
    newer.record_unapplied("auth", "9999_squashed")


def test_the_job_ends_an_engine_that_became_too_old(monkeypatch, newer, caplog):
    ended = []
    monkeypatch.setattr(engine, "end", ended.append)

    assert jobs.end_if_older(timezone.now()) is False
    assert "Start the engine of that release" in ended[0] and ended[0] in caplog.text
