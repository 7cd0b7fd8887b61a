"""How much of something heavy this machine does at once, whichever process asks for it.

A slot is a lock on a file, which the system frees when its process ends, however that happens.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from portal.core.problems import Busy


@contextmanager
def slot(name: str, *, most: int = 1, waits: bool = False) -> Iterator[None]:
    """Hold one of the slots of this name. Raises Busy at once if all are held, unless one waits."""
    file = _free(name, most)
    if file is None:
        if not waits:
            raise Busy()
        file = _opened(name, 0)
        fcntl.flock(file, fcntl.LOCK_EX)
    with file:
        yield


def _free(name: str, most: int) -> BinaryIO | None:
    for number in range(most):
        file = _opened(name, number)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            return file
    return None


def _opened(name: str, number: int) -> BinaryIO:
    path = Path(settings.DATA_DIR, "slots", f"{name}-{number}")
    path.parent.mkdir(exist_ok=True)
    return path.open("ab")
