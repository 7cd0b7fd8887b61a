"""A published guide as a tagged PDF: printed by Chromium from one page that needs nothing else.

The page lies in a folder of its own with its pictures inlined; its policy allows no script, and
Chromium may reach no host. It is a program of its own that is ended when it takes too long.
One is printed at a time on a machine, and what was printed is kept by all that stands in it.
"""

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone

from onboarding.models import Screenshot
from onboarding.pictures.geometry import shot_of
from onboarding.pictures.retake.chromium import SWITCHES, chromium
from portal.core.markdown import Sanitised
from portal.core.media.file_cache import FileCache
from portal.core.ops.slots import slot
from portal.core.problems import Conflict

LONGEST = 60  # seconds
HEAVIEST = 64 * 1024 * 1024  # bytes of pictures: all of them stand in one page
STYLE = settings.BASE_DIR / "static" / "guide-print.css"
END = b"%%EOF"  # of a whole PDF (ISO 32000, 7.5.5)
SLOT = "printing"
NICENESS = 10  # pages for people go first
PRINTED = FileCache("guides-pdf", most_bytes=256 * 1024 * 1024, longest=timedelta(days=7))


class NotPrinted(Conflict):
    """There is no PDF; the message says what to do."""

    code = "not-printed"
    title = "No PDF"


def printed(version, *, longest: float = LONGEST, waits: bool = False) -> bytes:
    """The PDF of a version. Raises NotPrinted; and Busy, unless one `waits` for one's turn."""
    program = chromium()
    if program is None:
        raise NotPrinted(
            "The portal prints with Chromium, which is not installed here. Open the guide on one "
            "page and print that, or ask the operators to install it (PORTAL_CHROMIUM)."
        )
    key = _digest(version)
    if kept := PRINTED.read(key, timezone.now()):
        return kept
    with slot(SLOT, waits=waits):
        content = _print(program, page_of(version), longest)
    PRINTED.keep(key, content, timezone.now())
    return content


def page_of(version) -> str:
    """Everything of a version as one page that stands alone."""
    pictures = _pictures(version)
    _weigh(pictures.values())
    return _page(version, pictures, _inlined)


def _digest(version) -> str:
    """Of all that stands in the PDF: a picture has its name for ever."""
    page = _page(version, _pictures(version), lambda picture: picture.name)
    return hashlib.sha256(page.encode() + STYLE.read_bytes()).hexdigest()


def _pictures(version) -> dict:
    names = [step["shot"]["name"] for step in version.steps if step["shot"]]
    return {picture.name: picture for picture in Screenshot.objects.filter(name__in=names)}


def _page(version, pictures: dict, address: Callable[[Screenshot], str]) -> str:
    context = {
        "version": version,
        "guide": version.content,
        "steps": [_step(step, pictures, address) for step in version.steps],
    }
    return render_to_string("onboarding/pdf.html", context)


def _step(step: dict, pictures: dict, address: Callable[[Screenshot], str]) -> dict:
    shot, video = step["shot"], step["video"]
    picture = pictures.get(shot["name"]) if shot else None
    return {
        **step,
        "words": Sanitised(step["html"]),
        "picture": address(picture) if picture else "",
        "transcript": Sanitised(video["transcript"] if video else ""),
        "drawn": shot_of(shot) if shot else None,
    }


def _weigh(pictures) -> None:
    """Raises NotPrinted if the pictures are more than one page can hold."""
    files = (default_storage.size(each.path) for each in pictures if _is_there(each))
    if sum(files) > HEAVIEST:
        raise NotPrinted("Its pictures are too large for one file: print it from one page.")


def _is_there(picture) -> bool:
    return default_storage.exists(picture.path)


def _inlined(picture: Screenshot) -> str:
    try:
        with picture.open() as file:
            content = base64.b64encode(file.read()).decode()
    except FileNotFoundError:
        return ""
    return f"data:{picture.content_type};base64,{content}"


def _print(program: str, page: str, longest: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="guide-") as folder:
        source, target = Path(folder, "guide.html"), Path(folder, "guide.pdf")
        source.write_text(page, encoding="utf-8")
        shutil.copy(STYLE, Path(folder, "guide.css"))
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
