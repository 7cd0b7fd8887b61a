"""Taking in a video: onto the disk as it comes, refused as soon as one can tell, swept if left."""

import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from onboarding.models import Video
from portal.core.data.outages import is_full
from portal.core.media.uploads import UploadRefused
from portal.core.problems import StorageFull

from .media_types import MEGABYTE, kind_of, too_large

LEFT_AFTER = 6 * 3600  # seconds: no upload takes as long
FIELD = "file"


def incoming() -> Path:
    """Where parts of uploads lie: beside the files of videos, and never given out."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Part(TemporaryUploadedFile):
    """An upload in the folder of parts; gone when it is closed, unless it was moved away."""

    def __init__(self):
        self.place = incoming() / f"{uuid4().hex}.part"
        super(TemporaryUploadedFile, self).__init__(
            self.place.open("xb+"), "video", "application/octet-stream", 0, None, None
        )

    def temporary_file_path(self) -> str:
        return str(self.place)

    def close(self):
        try:
            super(TemporaryUploadedFile, self).close()
        finally:
            self.place.unlink(missing_ok=True)


class VideoReceiver(FileUploadHandler):
    """Writes the one file that is expected; `refusal` says why it stopped.

    What follows a refusal is read off the wire and dropped, so that the answer arrives.
    """

    chunk_size = 256 * 1024

    def __init__(self, request=None):
        super().__init__(request)
        self.part: Part | None = None
        self.refusal: UploadRefused | StorageFull | None = None

    def new_file(self, field_name, *arguments, **named):
        super().new_file(field_name, *arguments, **named)
        if field_name != FIELD or self.part:
            raise SkipFile
        self.part = Part()

    def receive_data_chunk(self, raw_data, start):
        try:
            if start == 0:
                kind_of(raw_data[:12])
            if start + len(raw_data) > settings.VIDEO_MB * MEGABYTE:
                raise too_large()
            self.part.write(raw_data)
        except (UploadRefused, OSError) as refusal:
            self._stop(refusal)

    def _stop(self, why: UploadRefused | OSError):
        """Nothing of it is kept. Raises SkipFile, and `why` if that is no answer to the sender."""
        self.part.close()
        if isinstance(why, OSError) and not is_full(why):
            raise why
        self.refusal = StorageFull() if isinstance(why, OSError) else why
        raise SkipFile from why

    def file_complete(self, file_size):
        if self.refusal or self.part is None:
            return None
        self.part.size = file_size
        try:
            self.part.seek(0)  # writes what is left in memory
        except OSError as error:
            with suppress(SkipFile):
                self._stop(error)
            return None
        return self.part

    def upload_interrupted(self):
        if self.part:
            self.part.close()


def sweep(folder: Path, known: set[str], *, at: float | None = None) -> int:
    """Remove files that no row knows and that are older than any upload. Returns how many."""
    at, gone = at or time.time(), 0
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_file() and path.name not in known and at - path.stat().st_mtime > LEFT_AFTER:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def tidy(*, at: float | None = None) -> int:
    """Sweep what broken uploads left, here and among the videos."""
    folder = Path(settings.MEDIA_ROOT) / Video.FOLDER
    known = set(Video.objects.exclude(name="").values_list("name", flat=True))
    return sweep(incoming(), set(), at=at) + sweep(folder, known, at=at)
