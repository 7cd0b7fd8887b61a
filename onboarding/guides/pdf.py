"""A published guide as a tagged PDF: printed by Chromium from one page that needs nothing else.

The page lies in a folder of its own with its pictures inlined; its policy allows no script, and
Chromium may reach no host. It is a program of its own that is ended when it takes too long.
"""

import base64
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from threading import Semaphore

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from onboarding.models import Screenshot
from onboarding.pictures.geometry import shot_of
from onboarding.pictures.retake.chromium import SWITCHES, chromium
from portal.core.markdown import Sanitised
from portal.core.problems import Conflict

LONGEST = 60  # seconds
HEAVIEST = 64 * 1024 * 1024  # bytes of pictures: all of them stand in one page
END = b"%%EOF"  # of a whole PDF (ISO 32000, 7.5.5)
PATIENCE = 5  # seconds that somebody waits for their turn: who waits keeps others from pages
ONE_AT_A_TIME = Semaphore(1)


class NotPrinted(Conflict):
    """There is no PDF; the message says what to do."""

    code = "not-printed"
    title = "No PDF"


def printed(version, *, longest: float = LONGEST) -> bytes:
    """The PDF of a version. Raises NotPrinted."""
    program = chromium()
    if program is None:
        raise NotPrinted(
            "The portal prints with Chromium, which is not installed here. Open the guide on one "
            "page and print that, or ask the operators to install it (PORTAL_CHROMIUM)."
        )
    if not ONE_AT_A_TIME.acquire(timeout=PATIENCE):
        raise NotPrinted("Another guide is being printed: try again in a minute.")
    try:
        return _print(program, page_of(version), longest)
    finally:
        ONE_AT_A_TIME.release()


def page_of(version) -> str:
    """Everything of a version as one page that stands alone."""
    names = [step["shot"]["name"] for step in version.steps if step["shot"]]
    pictures = {picture.name: picture for picture in Screenshot.objects.filter(name__in=names)}
    _weigh(pictures.values())
    steps = [
        {
            **step,
            "words": Sanitised(step["html"]),
            "picture": _inlined(step, pictures),
            "transcript": Sanitised(step["video"]["transcript"] if step["video"] else ""),
            "drawn": shot_of(step["shot"]) if step["shot"] else None,
        }
        for step in version.steps
    ]
    context = {"version": version, "guide": version.content, "steps": steps}
    return render_to_string("onboarding/pdf.html", context)


def _weigh(pictures) -> None:
    """Raises NotPrinted if the pictures are more than one page can hold."""
    files = (default_storage.size(each.path) for each in pictures if _is_there(each))
    if sum(files) > HEAVIEST:
        raise NotPrinted("Its pictures are too large for one file: print it from one page.")


def _is_there(picture) -> bool:
    return default_storage.exists(picture.path)


def _inlined(step: dict, pictures: dict) -> str:
    picture = pictures.get(step["shot"]["name"]) if step["shot"] else None
    if picture is None:
        return ""
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
        shutil.copy(settings.BASE_DIR / "static" / "guide-print.css", Path(folder, "guide.css"))
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
    try:
        process.wait(longest)
    except subprocess.TimeoutExpired as error:
        raise NotPrinted(f"Printing took longer than {longest:g} seconds.") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
