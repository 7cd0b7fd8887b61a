"""The engine: the module `jobs` of each app registers jobs, and it does their units.

Each worker of a job has a thread and a database connection of its own, so that a slow unit delays
neither other jobs nor, where a job has several workers, the other units of its kind.
"""

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from portal.core.data import clock

HOUR = timedelta(hours=1)
IDLE = 1.0  # seconds between two looks when nothing was due
LONGEST_REST = 60.0  # after failures in a row
LONGEST_WITHOUT_DATABASE = 5.0
GRACE = 9.0  # seconds for the units that were begun when the engine is told to end
ENDINGS = {signal.SIGTERM, signal.SIGINT}

log = logging.getLogger(__name__)


@dataclass
class Job:
    """Something that the engine does: `unit(now)` does one unit and says whether there was one.

    With several workers, `unit` runs several times at once: it has to claim what it does.
    """

    name: str
    unit: Callable[[datetime], bool]
    workers: int = 1
    failures: int = 0  # in a row
    lock: Lock = field(default_factory=Lock, repr=False)

    def threads(self, stop: Event) -> list[Thread]:
        """One thread for each worker, not yet started."""
        return [
            Thread(target=self.work, args=[stop], name=self.name, daemon=True)
            for _ in range(self.workers)
        ]

    def work(self, stop: Event) -> None:
        """Round after round until `stop`."""
        while not stop.is_set():
            stop.wait(self.round(stop))
        connections.close_all()

    def round(self, stop: Event) -> float:
        """Units until there are none; for how many seconds this worker rests then."""
        close_old_connections()
        try:
            while not stop.is_set() and self.unit(clock.now()):
                self.failures = 0
        except Exception as error:
            return self._failed(error)
        finally:
            close_old_connections()
        self.failures = 0
        return IDLE

    def _failed(self, error: Exception) -> float:
        with self.lock:
            self.failures += 1
            failures = self.failures
        longest = LONGEST_REST
        if isinstance(error, InterfaceError | OperationalError):
            longest = LONGEST_WITHOUT_DATABASE
            log.warning("The database does not answer, %s waits: %s", self.name, error)
        else:
            log.error("%s failed", self.name, exc_info=error)
        return min(2.0 ** min(failures - 1, 10), longest)


class Hourly:
    """A job that is done again an hour later; several engines may do it at once."""

    def __init__(self, act: Callable[[datetime], object]):
        self.act = act
        self.done_at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        if self.done_at and self.done_at <= now < self.done_at + HOUR:
            return False
        self.act(now)
        self.done_at = now
        return True


class InTurn:
    """Units that share one worker, as each worker holds a connection to the database.

    All are asked each time, also after one that failed; what it raised first is raised then.
    """

    def __init__(self, *units: Callable[[datetime], bool]):
        self.units = units

    def __call__(self, now: datetime) -> bool:
        found, errors = False, []
        for unit in self.units:
            try:
                found |= bool(unit(now))
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return found


_jobs: dict[str, Job] = {}
_whys: list[str] = []  # why the engine ends, if nobody told it to


def register(name: str, unit: Callable[[datetime], bool], *, workers: int = 1) -> None:
    """Make it a job of the engine; for the module `jobs` of an app. A name stands for one job."""
    _jobs[name] = Job(name, unit, workers)


def once() -> list[str]:
    """Do everything that is due now, one after another; the names of the jobs that failed."""
    stop = Event()
    for job in _jobs.values():
        job.round(stop)
    return [job.name for job in _jobs.values() if job.failures]


def run() -> str:
    """Do everything as it becomes due, until SIGTERM or SIGINT; then end what was begun.

    Returns why, if a job made it end.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    stop = Event()
    _whys.clear()
    threads = [thread for job in _jobs.values() for thread in job.threads(stop)]
    for thread in threads:
        thread.start()
    signal.sigwait(ENDINGS)
    stop.set()
    _wait_for(threads)
    return next(iter(_whys), "")


def end(why: str) -> None:
    """Let `run` end, as if it were told to, and return why; for jobs."""
    _whys.append(why)
    os.kill(os.getpid(), signal.SIGTERM)


def _wait_for(threads: list[Thread]) -> None:
    end = monotonic() + GRACE
    for thread in threads:
        thread.join(max(end - monotonic(), 0))
    late = sorted({thread.name for thread in threads if thread.is_alive()})
    if late:
        log.warning("Left in the middle, done again after its lease: %s", ", ".join(late))
