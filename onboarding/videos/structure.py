"""How the two video formats are built: whole, known parts only, and pictures among them.

What is walked here is never decoded. A file that is something else as well, or ends early, has
parts that no player knows or that end elsewhere than the file.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

MOST_PARTS = 500_000

BOXES = frozenset(
    b"ftyp moov mdat free skip wide moof mfra sidx ssix styp pdin meta uuid prft emsg udta".split()
)
IDLE = frozenset({b"free", b"skip", b"wide", b"uuid", b"udta", b"meta"})
MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE
)
VIDEO_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
LARGEST_HEAD, LARGEST_INDEX = 4096, 32 * 1024 * 1024

EBML, SEGMENT, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
TRACKS = 0x1654AE6B
VOID, CRC, TAGS = 0xEC, 0xBF, 0x1254C367
TOP = frozenset({0x114D9B74, 0x1549A966, TRACKS, CLUSTER, 0x1C53BB6B, 0x1043A770, TAGS, VOID, CRC})
BLOCKS = frozenset({0xA3, 0xA0})
IN_CLUSTER = BLOCKS | {0xE7, 0xA7, 0xAB, 0x5854}


class Broken(ValueError):
    """It is not whole; the message says how."""


class Foreign(ValueError):
    """It is another kind of file; the message says which, as far as one can tell."""


def check_mp4(file: BinaryIO, size: int) -> None:
    """Raises Broken or Foreign unless these are the boxes of an MP4 file, to its last byte."""
    seen = set()
    for name, start, end in _boxes(file, size):
        if not seen and (name != b"ftyp" or end - start > LARGEST_HEAD):
            raise Foreign("an MP4 file begins with what it is")
        if name not in BOXES:
            raise Broken("it has a part that no player knows")
        seen.add(name)
        _check_box(file, name, start, end)
    if not {b"moov", b"mdat"} <= seen:
        raise Broken("it has no index or no pictures, so that no player can begin")


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, start of the content, end) of each box at the top."""
    position = 0
    for _ in range(MOST_PARTS):
        if position == size:
            return
        file.seek(position)
        head = file.read(16)
        if len(head) < 8:
            break
        length, start = int.from_bytes(head[:4], "big"), position + 8
        if length == 1:
            length, start = int.from_bytes(head[8:16], "big"), position + 16
        end = size if length == 0 else position + length
        if end > size or end < start:
            break
        yield head[4:8], start, end
        position = end
    raise Broken("it is cut off")


def _check_box(file: BinaryIO, name: bytes, start: int, end: int) -> None:
    file.seek(start)
    if name == b"ftyp":
        _check_brand(file.read(end - start))
    elif name == b"moov":
        if end - start > LARGEST_INDEX:
            raise Broken(f"its index is larger than {LARGEST_INDEX // 1024**2} MB")
        if not VIDEO_TRACK.search(file.read(end - start)):
            raise Foreign("it has sound but no pictures")
    elif name in IDLE and _has_markup(file, end - start):
        raise Broken("a web page is hidden in it")


def _check_brand(content: bytes) -> None:
    if MARKUP.search(content) or not content[:4].isascii():
        raise Broken("a web page is hidden in it")
    if content[:4] == b"qt  ":
        raise Foreign("it is a QuickTime film, which many browsers cannot play")


def _has_markup(file: BinaryIO, left: int) -> bool:
    before = b""
    while left > 0 and (part := file.read(min(left, 256 * 1024))):
        if MARKUP.search(before + part):
            return True
        left, before = left - len(part), part[-32:]
    return False


def check_webm(file: BinaryIO, size: int) -> None:
    """Raises Broken or Foreign unless these are the elements of a WebM file, to its last byte."""
    name, start, end = _element(file, 0, size)
    if name != EBML or end is None or end - start > LARGEST_HEAD:
        raise Foreign("it does not begin with what it is")
    file.seek(start)
    head = file.read(end - start)
    if b"\x42\x82\x84webm" not in head:
        raise Foreign("it is a Matroska film, which many browsers cannot play")
    if MARKUP.search(head):
        raise Broken("a web page is hidden in it")
    _check_segment(file, end, size)


def _check_segment(file: BinaryIO, position: int, size: int) -> None:
    name, inside, end = _element(file, position, size)
    if name != SEGMENT:
        raise Broken("its pictures are missing")
    if end not in (None, size):
        raise Broken("something else follows the film")
    seen, shows = set(), False
    for name, start, end in _elements(file, inside, size):
        seen.add(name)
        shows = shows or name in BLOCKS or (name == CLUSTER and end > start)
        if name == TRACKS and b"V_" not in _content(file, start, end):
            raise Foreign("it has sound but no pictures")
        if name in (VOID, TAGS):
            file.seek(start)
            if _has_markup(file, end - start):
                raise Broken("a web page is hidden in it")
    if not (TRACKS in seen and shows):
        raise Broken("it has no pictures")


def _elements(file: BinaryIO, position: int, size: int):
    """(name, start, end) of what stands in the segment; a cluster without a size is entered."""
    inside = False
    for _ in range(MOST_PARTS):
        if position == size:
            return
        name, start, end = _element(file, position, size)
        if name not in TOP and not (inside and name in IN_CLUSTER):
            raise Broken("it has a part that no player knows, or carries other files")
        if end is None and name != CLUSTER:
            raise Broken("it is cut off")
        inside = end is None if name in TOP - {VOID, CRC} else inside
        yield name, start, start if end is None else end
        position = start if end is None else end
    raise Broken("it has too many parts")


def _element(file: BinaryIO, position: int, size: int) -> tuple[int, int, int | None]:
    """(name, start of the content, end) of the element there; None for an end not told."""
    file.seek(position)
    head = file.read(12)
    name_length = 9 - head[0].bit_length() if head and head[0] else 9
    rest = head[name_length:]
    size_length = 9 - rest[0].bit_length() if rest and rest[0] else 9
    if name_length > 4 or size_length > 8 or len(rest) < size_length:
        raise Broken("it is cut off")
    value = int.from_bytes(rest[:size_length], "big") & ((1 << 7 * size_length) - 1)
    start = position + name_length + size_length
    if value == (1 << 7 * size_length) - 1:
        return int.from_bytes(head[:name_length], "big"), start, None
    if start + value > size:
        raise Broken("it is cut off")
    return int.from_bytes(head[:name_length], "big"), start, start + value


def _content(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(min(end - start, 1024 * 1024))
