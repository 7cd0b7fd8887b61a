"""Small files of the shape of videos: what is looked at is there, pictures are not."""


def box(name: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


def hdlr(kind: bytes = b"vide") -> bytes:
    return box(b"hdlr", bytes(8) + kind + bytes(12) + b"x\0")


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
MOOV = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", box(b"mdia", hdlr())))


def mp4(*more: bytes, pictures: int = 2000) -> bytes:
    return FTYP + MOOV + box(b"mdat", b"\x55" * pictures) + b"".join(more)


def element(name: str, content: bytes = b"", *, size: bytes | None = None) -> bytes:
    return bytes.fromhex(name) + (size or (0x10000000 | len(content)).to_bytes(4, "big")) + content


UNKNOWN = b"\x01" + b"\xff" * 7
HEAD = element("1a45dfa3", element("4286", b"\1") + b"\x42\x82\x84webm")
TRACKS = element("1654ae6b", element("ae", b"\x86\x85V_VP8"))
BLOCK = element("a3", b"\x81\0\0\x80" + b"\x55" * 500)


def webm(*more: bytes, live: bool = False) -> bytes:
    if live:  # as browsers record: nobody knew how long it would be
        cluster = element("1f43b675", element("e7", b"\0") + BLOCK, size=UNKNOWN)
        return HEAD + element("18538067", TRACKS + cluster + b"".join(more), size=UNKNOWN)
    cluster = element("1f43b675", element("e7", b"\0") + BLOCK)
    return HEAD + element("18538067", TRACKS + cluster + b"".join(more))
