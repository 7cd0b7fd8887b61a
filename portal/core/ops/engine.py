"""The engine: apps register duties, and it pulls their units until there are none.

Each duty has a thread and a database connection of its own, so that one that hangs or fails does
not delay the others.
"""

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from time import monotonic

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

IDLE = 1.0  # seconds between two looks when nothing was due
LONGEST_REST = 60.0  # after failures in a row
LONGEST_WITHOUT_DATABASE = 5.0
GRACE = 9.0  # seconds for the units that were begun when the engine is told to end
ENDINGS = {signal.SIGTERM, signal.SIGINT}

log = logging.getLogger(__name__)


@dataclass
class Duty:
    """Something that the engine does: `unit(now)` does one unit and says whether there was one."""

    name: str
    unit: Callable[[datetime], bool]
    failures: int = 0  # in a row

    def work(self, stop: Event) -> None:
        """Round after round until `stop`."""
        while not stop.is_set():
            stop.wait(self.round(stop))
        connections.close_all()

    def round(self, stop: Event) -> float:
        """Units until there are none; for how many seconds to rest then."""
        close_old_connections()
        try:
            while not stop.is_set() and self.unit(timezone.now()):
                self.failures = 0
        except Exception as error:
            return self._failed(error)
        finally:
            close_old_connections()
        self.failures = 0
        return IDLE

    def _failed(self, error: Exception) -> float:
        self.failures += 1
        longest = LONGEST_REST
        if isinstance(error, InterfaceError | OperationalError):
            longest = LONGEST_WITHOUT_DATABASE
            log.warning("The database does not answer, %s waits: %s", self.name, error)
        else:
            log.error("%s failed", self.name, exc_info=error)
        return min(2.0 ** min(self.failures - 1, 10), longest)


_duties: dict[str, Duty] = {}


def register(name: str, unit: Callable[[datetime], bool]) -> None:
    """Make it a duty of the engine; for `AppConfig.ready`. A name stands for one duty."""
    _duties[name] = Duty(name, unit)


def once() -> list[str]:
    """Do everything that is due now, one after another; the names of the duties that failed."""
    stop = Event()
    for duty in _duties.values():
        duty.round(stop)
    return [duty.name for duty in _duties.values() if duty.failures]


def run() -> None:
    """Do everything as it becomes due, until SIGTERM or SIGINT; then end what was begun."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    stop = Event()
    threads = [
        Thread(target=duty.work, args=[stop], name=duty.name, daemon=True)
        for duty in _duties.values()
    ]
    for thread in threads:
        thread.start()
    signal.sigwait(ENDINGS)
    stop.set()
    _wait_for(threads)


def _wait_for(threads: list[Thread]) -> None:
    end = monotonic() + GRACE
    for thread in threads:
        thread.join(max(end - monotonic(), 0))
    late = [thread.name for thread in threads if thread.is_alive()]
    if late:
        log.warning("Left in the middle, done again after its lease: %s", ", ".join(late))
