"""Files that cost a lot to make, kept for who asks next; a cache that can be deleted any time."""

import logging
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from portal.core.media.files import write

log = logging.getLogger(__name__)


class FileCache:
    """Files by a key that says all of what they were made of: a digest in hexadecimal.

    It never holds more than `most_bytes`, and nothing that nobody read for `longest`.
    """

    def __init__(self, name: str, *, most_bytes: int, longest: timedelta):
        self.name, self.most_bytes, self.longest = name, most_bytes, longest

    @property
    def folder(self) -> Path:
        return Path(settings.DATA_DIR, "cache", self.name)

    def read(self, key: str, at: datetime) -> bytes | None:
        """What is kept under the key, which counts as used now."""
        path = self.folder / key
        with suppress(OSError):
            content = path.read_bytes()
            os.utime(path, times=(at.timestamp(), at.timestamp()))
            return content
        return None

    def keep(self, key: str, content: bytes, at: datetime) -> None:
        """Put it there, if there is room: a cache is nothing that anybody has to have."""
        path = self.folder / key
        try:
            write(path, content)
            os.utime(path, times=(at.timestamp(), at.timestamp()))
        except OSError as error:
            log.warning("%s is not cached: %s", self.name, error)
        self.sweep(at)

    def sweep(self, at: datetime) -> None:
        """Delete what nobody read for long, then what was read longest ago, until it fits."""
        limit, total = (at - self.longest).timestamp(), 0
        for used, size, path in sorted(self._files(), reverse=True):
            total += size
            if used < limit or total > self.most_bytes:
                path.unlink(missing_ok=True)

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        return found
