"""What people send as one file: a .zip, unpacked as no archive is trusted, or a single document.

Nothing that an archive says of itself is believed: entries and bytes are counted as they are read,
and a name that would lie outside of the folder refuses the whole.
"""

import re
import shutil
import stat
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.utils.text import slugify

from portal.core.data.outages import is_full

from .uploads import UploadRefused

MEGABYTE = 1024 * 1024
MOST, DEEPEST = 1000, 20  # files, and folders around one
LONGEST_NAME, MOST_BYTES = 200, 250
ENTRY = b"PK\x01\x02"  # begins each entry of the directory of an archive
NOT_A_NAME = re.compile(r"[\x00-\x1f\x7f\\:]")
UNREADABLE = (  # what zipfile raises for damaged, encrypted or unknown archives
    *(BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, UnicodeError, ValueError),
)
ARCHIVE = ".zip"


class ArchiveRefused(UploadRefused):
    """Nothing of it is taken; `detail` says what to do."""

    def __init__(self, detail: str):
        super().__init__("archive", detail)


@contextmanager
def unpacked(file: BinaryIO, name: str, forms: tuple[str, ...]) -> Iterator[Path]:
    """A folder with what was sent, gone at the end; `forms` are the endings that it may have.

    The folder is named like the file. Raises ArchiveRefused.
    """
    stem, ending = Path(name).stem, Path(name).suffix.lower()
    if ending not in forms:
        raise ArchiveRefused(f"Send one file: {', '.join(forms)}.")
    plain = slugify(stem)[:110] or "files"
    with tempfile.TemporaryDirectory(prefix="upload-") as root:
        folder = Path(root) / plain
        folder.mkdir()
        if ending == ARCHIVE:
            _unpack(file, folder)
        else:
            own = f"{stem}{ending}"
            with (folder / (own if _is_name(own) else f"{plain}{ending}")).open("xb") as place:
                shutil.copyfileobj(file, place)
        yield folder


def _is_name(name: str) -> bool:
    """Whether a disk takes it: each part of a path has room for 255 bytes."""
    is_short = len(name) <= LONGEST_NAME and all(
        len(part.encode(errors="replace")) <= MOST_BYTES for part in name.split("/")
    )
    return is_short and not NOT_A_NAME.search(name)


def _unpack(file: BinaryIO, folder: Path) -> None:
    if _entries(file) > MOST:
        raise ArchiveRefused(f"There are more than {MOST} files in it: send fewer at a time.")
    try:
        with ZipFile(file) as archive:
            _take_out(archive, folder)
    except ArchiveRefused:
        raise
    except UNREADABLE as error:
        if is_full(error):
            raise
        raise ArchiveRefused(
            "This .zip cannot be read: pack it anew, without a password."
        ) from error


def _entries(file: BinaryIO) -> int:
    """At least as many as a reader of archives would make of it, without becoming one."""
    file.seek(0)
    count, rest = 0, b""
    while part := file.read(MEGABYTE):
        part = rest + part
        count += part.count(ENTRY)
        rest = part[-len(ENTRY) + 1 :]
    file.seek(0)
    return count


def _take_out(archive: ZipFile, folder: Path) -> None:
    left = most_bytes()
    for info in archive.infolist():
        if info.is_dir() or info.filename.startswith("__MACOSX/"):
            continue
        path = folder / _checked(info)
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, path.open("xb") as place:
            left -= _copied(source, place, at_most=left)


def most_bytes() -> int:
    """The largest that an archive may become, whatever it says."""
    return 2 * (settings.VIDEO_MB + 12) * MEGABYTE


def _checked(info: ZipInfo) -> PurePosixPath:
    """Where it goes below the folder. Raises ArchiveRefused."""
    name, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
    path = PurePosixPath(name)
    is_plain = not path.is_absolute() and ".." not in path.parts and len(path.parts) <= DEEPEST
    if not is_plain or not _is_name(name):
        raise ArchiveRefused(f"“{name[:80]!a}” is no name of a file here.")
    if kind not in (0, stat.S_IFREG):
        raise ArchiveRefused(f"“{name[:80]}” is a link or a device, not a file.")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ArchiveRefused(
            f"“{name[:80]}” is packed in a way that is not read: pack it as usual."
        )
    return path


def _copied(source, place, *, at_most: int) -> int:
    """How many bytes were copied. Raises ArchiveRefused as soon as there are too many."""
    count = 0
    while part := source.read(64 * 1024):
        count += len(part)
        if count > at_most:
            most = most_bytes() // MEGABYTE
            raise ArchiveRefused(f"It holds more than {most} MB: send less at a time.")
        place.write(part)
    return count
