"""Processor time of this process and, on PostgreSQL, of the one that serves its connection."""

import time
from functools import cache
from pathlib import Path

from django.db import connection


def spent() -> float:
    """Seconds. What a database on another machine spends is not in them."""
    return time.process_time() + _of_database()


def _of_database() -> float:
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    return _read(connection.connection.info.backend_pid)


def _read(pid: int) -> float:
    path = _file(pid)
    return int(path.read_text().split()[0]) / 1e9 if path else 0.0


@cache
def _file(pid: int) -> Path | None:
    """Where Linux says how long a process ran; None if there is no such PostgreSQL here."""
    folder = Path("/proc", str(pid))
    try:
        return folder / "schedstat" if "postgres" in (folder / "comm").read_text() else None
    except OSError:
        return None


def peak_mb() -> float:
    """The most memory that this process ever had, in MB."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
