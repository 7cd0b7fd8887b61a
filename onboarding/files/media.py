"""Pictures and films of a folder, kept once: what the portal has already is not kept again."""

from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.core.files import File
from django.utils.dateparse import parse_datetime
from PIL import Image

from onboarding.models import Screenshot, Video
from onboarding.pictures.blurs import validate_blurs
from portal.core.media import files
from portal.core.media.untouched import is_clean
from portal.core.media.uploads import MAX_BYTES, StoredImage, store_image

from .blocks import BadText
from .document import StepText
from .exporter import WORDS
from .folder import Beside

MEMBERS = {"title", "file", "address", "poster", "poster_alt", *WORDS}
LONGEST = 512 * 1024


class Keeper:
    """Keeps files for one guide; `undo` removes those that it made, when their rows are gone."""

    def __init__(self, guide, beside: Beside, *, by):
        self.guide, self.beside, self.by = guide, beside, by
        self.made: list[str] = []

    def undo(self) -> None:
        for path in self.made:
            files.undo(path)

    def picture(self, text: StepText, now: Screenshot | None) -> Screenshot | None:
        """The screenshot that a step should show; `now` is the one that it shows."""
        if text.picture is None:
            return None
        line = text.lines.get("picture", text.line)
        shot = self._screenshot(text.picture.file, line, text.picture.alt, now)
        taken = parse_datetime(text.picture.taken_at) if text.picture.taken_at else None
        blurred = text.blurred or shot.blurred  # never forgotten: a file may be older than that
        if (shot.taken_at, shot.blurred) != (taken, blurred):
            validate_blurs(blurred)
            shot.taken_at, shot.blurred = taken, blurred
            shot.save(update_fields=["taken_at", "blurred"])
        return shot

    def _screenshot(self, file: str, line: int, alt: str, now) -> Screenshot:
        content = self.beside.content(file, line, at_most=MAX_BYTES)
        if now and now.sha256 == sha256(content).hexdigest():
            if now.alt != alt[:300]:
                now.alt = alt[:300]
                now.save(update_fields=["alt"])
            return now
        stored = _stored(content, file)
        shot = Screenshot.objects.keep(stored, alt=alt[:300], by=self.by, guide=self.guide)
        self.made.append(shot.path)
        return shot

    def video(self, text: StepText, now: Video | None) -> Video | None:
        """The video that a step should show. Raises BadText, UploadRefused, ValidationError."""
        if not text.video:
            return None
        line = text.lines.get("video", text.line)
        wrong = set(text.video) - MEMBERS
        if wrong or not all(isinstance(value, str) for value in text.video.values()):
            raise BadText(f"The block “video” has {', '.join(sorted(MEMBERS))}: words.", line)
        words = {name: self._words(text.video, name, line) for name in WORDS}
        words |= {"title": text.video.get("title", "") or text.title}
        poster = self._poster(text.video, line, now)
        if now and self._is_same(text.video, now, line):
            now.describe(by=self.by, poster=poster, **words)
            return now
        return self._new(text.video, line, poster=poster, **words)

    def _words(self, given: dict, name: str, line: int) -> str:
        if not given.get(name):
            return ""
        content = self.beside.content(given[name], line, at_most=LONGEST)
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise BadText(f"{given[name]} is not UTF-8.", line) from error

    def _poster(self, given: dict, line: int, now: Video | None):
        if not given.get("poster"):
            return None
        before = now.poster if now else None
        return self._screenshot(given["poster"], line, given.get("poster_alt", ""), before)

    def _is_same(self, given: dict, now: Video, line: int) -> bool:
        if given.get("address"):
            return now.address == given["address"]
        file = given.get("file", "")
        return bool(file) and now.sha256 == self.beside.digest(file, line)

    def _new(self, given: dict, line: int, **about) -> Video:
        if given.get("address"):
            return Video.objects.link(given["address"], guide=self.guide, by=self.by, **about)
        path = self.beside.path(given.get("file", ""), line)
        with path.open("rb") as file:
            video = Video.objects.keep(_Film(file), guide=self.guide, by=self.by, **about)
        self.made.append(video.path)
        return video


class _Film(File):
    """A file on the disk that is copied, never moved."""


def _stored(content: bytes, name: str) -> StoredImage:
    """As it may be stored; to the byte where nothing but the picture is in it."""
    stored = store_image(BytesIO(content), name=Path(name).name)
    if is_clean(content) and _size(content) == (stored.width, stored.height):
        return replace(stored, content=content, sha256=sha256(content).hexdigest())
    return stored


def _size(content: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(content)) as picture:
        return picture.size
