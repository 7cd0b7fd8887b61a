"""What stops the portal for a while: a database that does not answer, a disk without room."""

import sqlite3
from errno import EDQUOT, ENOSPC

from django.db import InterfaceError, OperationalError

from portal.core.problems import DomainError, StorageFull, Unavailable

DISK_FULL = "53100"  # SQLSTATE of PostgreSQL


def outage_of(error: BaseException | None) -> DomainError | None:
    """What an error means for whoever asked, if it is an outage and no mistake of ours."""
    if isinstance(error, Unavailable | StorageFull):
        return error
    if error and is_full(error):
        return StorageFull()
    return Unavailable() if isinstance(error, InterfaceError | OperationalError) else None


def stop_at_outage(error: BaseException) -> None:
    """Raise it, if it is an outage: for whoever goes on after what is wrong with one file."""
    if found := outage_of(error):
        raise found from error


def is_full(error: BaseException) -> bool:
    """Whether a disk has no room left: of files, or of the database."""
    cause = error.__cause__
    return (
        getattr(error, "errno", None) in (ENOSPC, EDQUOT)
        or getattr(cause, "sqlstate", "") == DISK_FULL
        or getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    )
