"""Which image files hold a picture and nothing else, so that they may be kept to the byte.

What we wrote ourselves once would otherwise be encoded, and lose quality, at every move.
Nothing here says that the picture can be decoded: that is asked of `uploads`.
"""

import re

from portal.core.media import png

PNG_CHUNKS = frozenset({b"IHDR", b"IDAT", b"IEND"})
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
WEBP_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})
JPEG_TABLES = frozenset({0xC0, 0xC4, 0xDB, 0xDD})  # SOF0, DHT, DQT, DRI
JFIF = b"\xff\xe0\x00\x10JFIF\x00"
JFIF_SIZE = 18  # without a thumbnail
START_OF_SCAN = 0xDA
END_OF_JPEG = b"\xff\xd9"
MARKER_IN_SCAN = re.compile(rb"\xff(?![\x00\xd0-\xd7])")


def is_clean(content: bytes) -> bool:
    """Whether the file has no place for metadata, comments or anything behind the picture."""
    if content.startswith(png.START):
        return _is_clean_png(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _is_clean_webp(content)
    return content.startswith(b"\xff\xd8") and _is_clean_jpeg(content)


def _is_clean_png(content: bytes) -> bool:
    chunks = list(png.chunks(content))
    whole = len(png.START) + sum(len(part) for _, part in chunks) == len(content)
    return whole and chunks[-1][1] == PNG_END and PNG_CHUNKS.issuperset(name for name, _ in chunks)


def _is_clean_webp(content: bytes) -> bool:
    names, position = [], 12
    while position < len(content):
        names.append(content[position : position + 4])
        size = int.from_bytes(content[position + 4 : position + 8], "little")
        position += 8 + size + size % 2
    whole = 8 + int.from_bytes(content[4:8], "little") == position == len(content)
    return whole and WEBP_CHUNKS.issuperset(names)


def _is_clean_jpeg(content: bytes) -> bool:
    """A baseline JPEG with one scan, as we write it."""
    if content[2:11] != JFIF:
        return False
    position = 2 + JFIF_SIZE
    while content[position : position + 1] == b"\xff":
        kind = content[position + 1] if position + 1 < len(content) else 0
        size = int.from_bytes(content[position + 2 : position + 4], "big")
        position += 2 + size
        if kind == START_OF_SCAN:
            return _is_clean_scan(content[position:])
        if kind not in JPEG_TABLES or not size:
            return False
    return False


def _is_clean_scan(scan: bytes) -> bool:
    return scan.endswith(END_OF_JPEG) and not MARKER_IN_SCAN.search(scan[:-2])
