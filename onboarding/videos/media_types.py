"""Which videos are taken: MP4 and WebM, recognised by what they are, whatever their name says."""

from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from portal.core.media.uploads import UploadRefused

from .structure import Broken, Foreign, check_mp4, check_webm

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """A format that browsers play: its type and the end of its name."""

    content_type: str
    extension: str


ENDINGS = (".mp4", ".webm")
MP4, WEBM = Kind("video/mp4", "mp4"), Kind("video/webm", "webm")
OTHER = "This is not an MP4 or WebM video. Save it as MP4 (H.264) and try again."


def kind_of(beginning: bytes) -> Kind:
    """What a file seems to be by its first 12 bytes. Raises UploadRefused."""
    if beginning[4:8] == b"ftyp":
        return MP4
    if beginning[:4] == b"\x1a\x45\xdf\xa3":
        return WEBM
    if not beginning:
        raise UploadRefused("empty", "The file is empty. Choose the video again.")
    raise UploadRefused("not-a-video", OTHER)


def examined(file: BinaryIO, size: int) -> Kind:
    """What a video is, after a look at all its parts. Raises UploadRefused."""
    if size > settings.VIDEO_MB * MEGABYTE:
        raise too_large()
    file.seek(0)
    kind = kind_of(file.read(12))
    try:
        (check_mp4 if kind is MP4 else check_webm)(file, size)
    except Foreign as error:
        raise UploadRefused("not-a-video", f"{OTHER} ({_sentence(error)})") from error
    except Broken as error:
        raise UploadRefused(
            "broken", f"The video is damaged: {error}. Save it anew and try again."
        ) from error
    file.seek(0)
    return kind


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[0].upper()}{text[1:]}."


def too_large() -> UploadRefused:
    return UploadRefused(
        "too-large",
        f"The video is larger than {settings.VIDEO_MB} MB. Cut it, or save it smaller.",
    )


def validate_address(address: str) -> None:
    """Raises ValidationError unless pages may play a video from there."""
    hosts = settings.VIDEO_HOSTS
    if not hosts:
        raise ValidationError(
            "Videos of other hosts are not played here: upload the file, or ask the operators to "
            "name the host in PORTAL_VIDEO_HOSTS."
        )
    try:
        parts = urlsplit(address)
        is_ours = parts.scheme == "https" and parts.netloc.lower() in hosts
    except ValueError:
        is_ours = False
    if not is_ours:
        raise ValidationError(f"The address begins with https:// and one of: {', '.join(hosts)}.")
    if not parts.path.lower().endswith(ENDINGS):
        raise ValidationError(
            "This is the address of a page. Give that of the film itself, which ends in "
            ".mp4 or .webm; a page cannot be played in a guide."
        )
