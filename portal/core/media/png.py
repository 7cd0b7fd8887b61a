"""The chunks of a PNG file (W3C PNG, section 5)."""

from collections.abc import Iterator

START = b"\x89PNG\r\n\x1a\n"
PICTURE = frozenset({b"tRNS", b"eXIf"})  # of the optional ones: transparency and rotation


def without_notes(content: bytes) -> bytes:
    """A PNG without what is no picture in it, such as a damaged colour profile."""
    if not content.startswith(START):
        return content
    kept = [part for name, part in chunks(content) if name in PICTURE or name[:1].isupper()]
    return START + b"".join(kept)


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and whole bytes of every chunk up to the end of the picture."""
    position, name = len(START), b""
    while position < len(content) and name != b"IEND":
        size = 12 + int.from_bytes(content[position : position + 4], "big")
        name = content[position + 4 : position + 8]
        yield name, content[position : position + size]
        position += size
