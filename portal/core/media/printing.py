"""Pages that stand alone as tagged PDF, printed by Chromium.

The page lies in a folder of its own with its style beside it; its policy allows no script, and
Chromium may reach no host. It is a program of its own that is ended when it takes too long.
One is printed at a time on a machine, and what was printed is kept by all that stands in it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from portal.core.media.chromium import SWITCHES, chromium
from portal.core.media.file_cache import FileCache
from portal.core.ops.slots import slot
from portal.core.problems import Conflict

LONGEST = 60  # seconds
END = b"%%EOF"  # of a whole PDF (ISO 32000, 7.5.5)
SLOT = "printing"
NICENESS = 10  # pages for people go first
MOST_BYTES = 256 * 1024 * 1024
KEPT = timedelta(days=7)


class NotPrinted(Conflict):
    """There is no PDF; the message says what to do."""

    code = "not-printed"
    title = "No PDF"


class Printer(FileCache):
    """What was printed of one kind of page, whose style is called page.css there."""

    def __init__(self, name: str, style: Path):
        super().__init__(name, most_bytes=MOST_BYTES, longest=KEPT)
        self.style = style

    def pdf(
        self,
        digest: Callable[[], str],
        page: Callable[[], str],
        *,
        longest: float = LONGEST,
        waits: bool = False,
    ) -> bytes:
        """The PDF of a page. `digest` is of all that stands in it.

        Raises NotPrinted; and Busy, unless one `waits` for one's turn.
        """
        program = chromium()
        if program is None:
            raise NotPrinted(
                "The portal prints with Chromium, which is not installed here. Print the page "
                "itself, or ask the operators to install it (PORTAL_CHROMIUM)."
            )
        key = digest()
        if kept := self.read(key, timezone.now()):
            return kept
        with slot(SLOT, waits=waits):
            content = _print(program, page(), self.style, longest)
        self.keep(key, content, timezone.now())
        return content


def _print(program: str, page: str, style: Path, longest: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        shutil.copy(style, Path(folder, "page.css"))
        _run(
            [
                program,
                *SWITCHES,
                "--headless",
                "--no-pdf-header-footer",
                "--generate-pdf-document-outline",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={folder}/profile",
                f"--print-to-pdf={target}",
                source.as_uri(),
            ],
            longest,
        )
        content = target.read_bytes() if target.is_file() else b""
        if not content.rstrip().endswith(END):  # half of one, where a disk is full
            raise NotPrinted(
                "Chromium wrote no whole PDF: ask the operators whether it starts on this machine, "
                "and whether there is room on its disk."
            )
        return content


def _run(command: list[str], longest: float) -> None:
    """Run a program with all that it starts, and end them all when it takes too long."""
    process = subprocess.Popen(  # noqa: S603  our own words, and a program that operators named
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PGRP, process.pid, NICENESS)
    try:
        process.wait(longest)
    except subprocess.TimeoutExpired as error:
        raise NotPrinted(f"Printing took longer than {longest:g} seconds.") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
