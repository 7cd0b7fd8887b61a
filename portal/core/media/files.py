"""Files that are written whole or not at all: a full disk keeps no half of one."""

from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from portal.core.data.outages import is_full
from portal.core.problems import StorageFull


def keep(path: str, content: File) -> None:
    """Put it into the default storage under a path that is new. Raises StorageFull, OSError."""
    try:
        default_storage.save(path, content)
    except Exception as error:
        default_storage.delete(path)
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
