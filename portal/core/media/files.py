"""Files that are written whole or not at all: a full disk keeps no half of one, a rollback none.

Before a file of a row is written, an empty note of its name is; it goes when the row is committed.
What a note still names a day later belongs to a transaction that was undone, or was killed.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from portal.core.data.outages import is_full
from portal.core.problems import StorageFull

NOTES = "unsettled"
LONGEST = timedelta(days=1)  # of a transaction that writes files


@contextmanager
def kept(path: str, content: File) -> Iterator[None]:
    """Keep a file whose row is made within, or else it goes. Raises StorageFull, OSError."""
    _save(f"{NOTES}/{path}", ContentFile(b""))
    try:
        keep(path, content)
        yield
    except Exception:
        undo(path)
        raise
    transaction.on_commit(partial(default_storage.delete, f"{NOTES}/{path}"))


def undo(path: str) -> None:
    """Delete a file that was kept for a row which is not made after all."""
    default_storage.delete(path)
    default_storage.delete(f"{NOTES}/{path}")


def keep(path: str, content: File) -> None:
    """Put it into the default storage under a path that is new. Raises StorageFull, OSError."""
    try:
        _save(path, content)
    except Exception:
        default_storage.delete(path)
        raise


def sweep(folder: str, rows, at: datetime) -> int:
    """Delete the files of a folder that a note names and none of the rows; how many there were."""
    deleted = 0
    for name in _names(f"{NOTES}/{folder}"):
        with suppress(FileNotFoundError):  # its upload ended, or another engine was here
            deleted += _sweep(folder, name, rows, at)
    return deleted


def _sweep(folder: str, name: str, rows, at: datetime) -> int:
    note, path, deleted = f"{NOTES}/{folder}/{name}", f"{folder}/{name}", 0
    if default_storage.get_modified_time(note) > at - LONGEST:
        return 0
    if not rows.filter(name=name).exists():
        deleted = int(default_storage.exists(path))
        default_storage.delete(path)
    default_storage.delete(note)
    return deleted


def _names(folder: str) -> list[str]:
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []


def _save(path: str, content: File) -> str:
    try:
        return default_storage.save(path, content)
    except Exception as error:
        raise (StorageFull() if is_full(error) else error) from error


def write(path: Path, content: bytes) -> None:
    """Make or replace a file; when that fails, what was there stays. Raises OSError."""
    half = path.with_name(f".{path.name}.half")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise
