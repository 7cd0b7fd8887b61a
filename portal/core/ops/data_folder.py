"""The data folder and what must be in it before anything else: secret key and SQLite file.

Importing the settings makes none of it. What begins something that lasts does: `preflight`,
`migrate`, the engine, and each web process. Until then there is no secret key and Django refuses
to sign anything, so that two processes of one portal never sign with different keys.
"""

import fcntl
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError


def make() -> None:
    """Make what is missing, for this account only. Raises OSError where it cannot be written."""
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.SECRET_KEY_FILE:
        settings.SECRET_KEY = make_key(settings.SECRET_KEY_FILE)
    if not has_database():
        settings.SQLITE_FILE.touch(mode=0o600)  # what SQLite writes beside it gets the same


def make_or_refuse() -> None:
    """The same for a command: raises CommandError, which says what to set."""
    try:
        make()
    except OSError as error:
        raise CommandError(
            f"The data folder cannot be written ({error}). "
            "Set PORTAL_DATA to a folder that this account may write to."
        ) from error


def has_database() -> bool:
    """Whether a connection would not be the first to make the SQLite file, for all to read."""
    name = settings.DATABASES["default"]["NAME"]
    return name != str(settings.SQLITE_FILE) or settings.SQLITE_FILE.exists()


def kept_key(path: Path) -> str:
    """The secret key in the file; empty as long as there is none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def make_key(path: Path) -> str:
    """The same, made now if there is none: once, whoever else does this at the same time."""
    if key := kept_key(path):
        return key
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not file.read():
            file.write(secrets.token_urlsafe(64).encode())
            os.fsync(file.fileno())
    return kept_key(path)
