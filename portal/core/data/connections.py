"""The connection to the database that a process keeps between requests."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

Result = TypeVar("Result")


def lively(act: Callable[[], Result]) -> Result:
    """What `act()` returns, without asking first whether the kept connection lives.

    If it turns out that it does not, it is done again on a new one. For what comes often, and may
    be done twice: where the connection is lost as `act` commits, nobody knows whether it did.
    """
    kept = connection.connection
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return act()
    except (InterfaceError, OperationalError):
        is_lost = connection.connection is not kept or not connection.is_usable()
        if kept is None or connection.in_atomic_block or not is_lost:
            raise
    connection.close()
    return act()
