"""Guides as one .zip: written from a guide, and unpacked as no archive is trusted.

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
from portal.core.markdown.files import ENDINGS

from .blocks import BadText
from .document import write
from .exporter import text_of
from .folder import GUIDE

MEGABYTE = 1024 * 1024
MOST = 1000
LONGEST_NAME = 200
ENTRY = b"PK\x01\x02"  # begins each entry of the directory of an archive
NOT_A_NAME = re.compile(r"[\x00-\x1f\x7f\\:]")
UNREADABLE = (  # what zipfile raises for damaged, encrypted or unknown archives
    *(BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, UnicodeError, ValueError),
)
FORMS = (".zip", *ENDINGS, ".json")
OLDEST = (1980, 1, 1, 0, 0, 0)  # for each file, so that the same guide is the same archive


def zipped(guide) -> BinaryIO:
    """A guide with its pictures and films, as `import_guides` reads it. Raises OSError."""
    text, files, _ = text_of(guide)
    whole = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with ZipFile(whole, "w") as archive:
        archive.writestr(_info(f"{guide.slug}/{GUIDE}.md", ZIP_DEFLATED), write(text))
        for name, read in files.items():
            archive.writestr(_info(f"{guide.slug}/{name}", ZIP_STORED), read())
    whole.seek(0)
    return whole


def _info(name: str, kind: int) -> ZipInfo:
    info = ZipInfo(name, OLDEST)
    info.compress_type, info.external_attr = kind, 0o644 << 16
    return info


@contextmanager
def unpacked(file: BinaryIO, name: str) -> Iterator[Path]:
    """A folder with what was sent, gone again at the end. Raises BadText."""
    stem, ending = slugify(Path(name).stem)[:110] or "guide", Path(name).suffix.lower()
    if ending not in FORMS:
        raise BadText(f"Send one file: {', '.join(FORMS)}.")
    with tempfile.TemporaryDirectory(prefix="guides-") as root:
        folder = Path(root) / stem
        folder.mkdir()
        if ending == ".zip":
            _unpack(file, folder)
        else:
            with (folder / f"{stem}{ending}").open("xb") as place:
                shutil.copyfileobj(file, place)
        yield folder


def _unpack(file: BinaryIO, folder: Path) -> None:
    if _entries(file) > MOST:
        raise BadText(f"There are more than {MOST} files in it: send fewer guides at a time.")
    try:
        with ZipFile(file) as archive:
            _take_out(archive, folder)
    except BadText:
        raise
    except UNREADABLE as error:
        if is_full(error):
            raise
        raise BadText("This .zip cannot be read: pack it anew, without a password.") from error


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
    """Where it goes below the folder. Raises BadText."""
    name, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
    path = PurePosixPath(name)
    is_plain = not path.is_absolute() and ".." not in path.parts
    if not is_plain or NOT_A_NAME.search(name) or len(name) > LONGEST_NAME:
        raise BadText(f"“{name[:80]!a}” is no name of a file here.")
    if kind not in (0, stat.S_IFREG):
        raise BadText(f"“{name[:80]}” is a link or a device, not a file.")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadText(f"“{name[:80]}” is packed in a way that is not read here: pack it as usual.")
    return path


def _copied(source, place, *, at_most: int) -> int:
    """How many bytes were copied. Raises BadText as soon as there are too many."""
    count = 0
    while part := source.read(64 * 1024):
        count += len(part)
        if count > at_most:
            raise BadText(f"It holds more than {most_bytes() // MEGABYTE} MB: send less at a time.")
        place.write(part)
    return count
