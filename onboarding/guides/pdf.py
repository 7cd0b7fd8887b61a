"""A published guide as a tagged PDF, from one page with its pictures inlined."""

import base64
import hashlib
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from onboarding.models import Screenshot
from onboarding.pictures.geometry import shot_of
from portal.core.markdown import Sanitised
from portal.core.media.printing import LONGEST, NotPrinted, Printer

HEAVIEST = 64 * 1024 * 1024  # bytes of pictures: all of them stand in one page
STYLE = settings.BASE_DIR / "static" / "guide-print.css"
PRINTED = Printer("guides-pdf", STYLE)


def printed(version, *, longest: float = LONGEST, waits: bool = False) -> bytes:
    """The PDF of a version. Raises NotPrinted; and Busy, unless one `waits` for one's turn."""
    key, page = partial(_digest, version), partial(page_of, version)
    return PRINTED.pdf(key, page, longest=longest, waits=waits)


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
