"""Images from people: read within limits, decoded, and written anew without anything else.

Nothing of the upload is stored but its pixels. What is kept is encoded here, so that
metadata, comments, trailers, further frames and scripts hidden in the file are gone.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from uuid import uuid4

from PIL import Image, ImageOps

from portal.core.media import png

MAX_BYTES = 10 * 1024 * 1024
AT_MOST = f"{MAX_BYTES // 1024**2} MB"  # as people read it
MAX_WIDTH = 4096
MAX_HEIGHT = 32_000  # a screenshot of a long page stays as wide as it is; browsers draw so much
ORIENTATION, ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)  # of EXIF
# A progressive JPEG may repeat the whole picture in each scan; real ones have about ten.
MAX_JPEG_SCANS = 50
JPEG_SCAN = b"\xff\xda"

DEEP_GREY_MODES = ("I", "I;16", "I;16B")
SIGNATURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How an image is stored: its type, the end of its name, what Pillow is told.

    `megapixels` is the most that is read: decoders of different formats keep the picture in
    memory two to six times, and one upload must not take more than 300 MB.
    """

    content_type: str
    extension: str
    megapixels: int
    options: dict


PNG = Encoding("image/png", "png", 20, {"format": "PNG", "compress_level": 3})
JPEG = Encoding("image/jpeg", "jpg", 24, {"format": "JPEG", "quality": 88})
WEBP = Encoding("image/webp", "webp", 10, {"format": "WEBP", "quality": 88, "method": 0})
# Phones write MPO: a JPEG with further pictures behind it, of which the first is kept.
ENCODINGS = {"PNG": PNG, "GIF": PNG, "JPEG": JPEG, "MPO": JPEG, "WEBP": WEBP}


@dataclass(frozen=True, slots=True)
class StoredImage:
    """What to store: a name made here, bytes made here, and what is known about them."""

    name: str
    content: bytes
    width: int
    height: int
    content_type: str
    sha256: str


class UploadRefused(ValueError):
    """The upload is not stored; `detail` says what to do, `code` is for programs.

    Codes: empty, too-large, svg, not-an-image, too-many-pixels, broken.
    """

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code = code
        self.detail = detail


def store_image(file: BinaryIO, *, name: str = "") -> StoredImage:
    """The image in `file` as it may be stored; raises UploadRefused.

    PNG, JPEG, WebP and GIF are taken, recognised by their content alone. GIF becomes PNG and of
    an animation the first frame stays. Above 4096 pixels of width or 32,000 of height it is scaled
    down; the turn that EXIF asks for is applied, all metadata including the colour profile
    dropped, unread where the format allows it: a damaged profile is no reason to refuse a picture.
    `name` is what the sender calls it: it appears in the refusal and nowhere else.
    """
    try:
        content = png.without_notes(_read(file))
        encoding, image = _decode(content)
        return _stored(image, encoding)
    except UploadRefused as refusal:
        raise UploadRefused(refusal.code, _shown(name) + refusal.detail) from refusal.__cause__


def redrawn(content: bytes, draw: Callable[[Image.Image], Image.Image]) -> StoredImage:
    """A stored image as `draw` leaves it, encoded anew under a new name; raises UploadRefused."""
    encoding, image = _decode(content)
    return _stored(draw(image), encoding)


def _read(file: BinaryIO) -> bytes:
    """All bytes of the file, and never more than one above the limit."""
    content = bytearray()
    while len(content) <= MAX_BYTES and (part := file.read(MAX_BYTES + 1 - len(content))):
        content += part
    if not content:
        raise UploadRefused("empty", "The file is empty. Choose the image again.")
    if len(content) > MAX_BYTES:
        raise UploadRefused(
            "too-large", f"The file is larger than {AT_MOST}. Scale the image down."
        )
    return bytes(content)


def _decode(content: bytes) -> tuple[Encoding, Image.Image]:
    with _failing_as(_unreadable(content)):
        encoding, size = _header(content)
    _refuse_too_much_work(encoding, size, content)
    with _failing_as(_broken()):
        return encoding, _pixels(content)


@contextmanager
def _failing_as(refusal: UploadRefused) -> Iterator[None]:
    """Turn whatever the decoders raise on a hostile file, which is almost anything."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise refusal from error


def _open(content: bytes) -> Image.Image:
    """The image with its header read and its pixels not."""
    return Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF"))


def _header(content: bytes) -> tuple[Encoding, tuple[int, int]]:
    with _open(content) as image:
        return ENCODINGS[image.format or ""], image.size


def _refuse_too_much_work(encoding: Encoding, size: tuple[int, int], content: bytes) -> None:
    if size[0] * size[1] > encoding.megapixels * 1_000_000:
        raise _too_many_pixels()
    if encoding is JPEG and content.count(JPEG_SCAN) > MAX_JPEG_SCANS:
        raise _broken()


def _pixels(content: bytes) -> Image.Image:
    """The pixels alone, upright, in a mode that every format here can hold."""
    image = _in_plain_mode(_open(content))
    is_on_its_side = image.getexif().get(ORIENTATION) in ON_ITS_SIDE
    image.thumbnail((MAX_HEIGHT, MAX_WIDTH) if is_on_its_side else (MAX_WIDTH, MAX_HEIGHT))
    ImageOps.exif_transpose(image, in_place=True)
    image.info.clear()
    return image


def _in_plain_mode(image: Image.Image) -> Image.Image:
    """A copy in grey, colour, or colour with transparency, with eight bits a channel.

    A copy even in the same mode: it frees the decoder, which may hold the picture twice.
    """
    if image.mode in DEEP_GREY_MODES:
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _stored(image: Image.Image, encoding: Encoding) -> StoredImage:
    written = BytesIO()
    image.save(written, **encoding.options)
    content = written.getvalue()
    return StoredImage(
        name=f"{uuid4().hex}.{encoding.extension}",
        content=content,
        width=image.width,
        height=image.height,
        content_type=encoding.content_type,
        sha256=sha256(content).hexdigest(),
    )


def _unreadable(content: bytes) -> UploadRefused:
    if SIGNATURE.match(content):
        return _broken()
    if b"<svg" in content[:4096].lower():
        return UploadRefused(
            "svg", "SVG drawings can carry scripts and are not taken. Export it as PNG."
        )
    return UploadRefused(
        "not-an-image", "This is not a PNG, JPEG, WebP or GIF image. Save it as PNG or JPEG."
    )


def _broken() -> UploadRefused:
    return UploadRefused(
        "broken", "The image is damaged or cut off. Open it, save it anew and try again."
    )


def _too_many_pixels() -> UploadRefused:
    return UploadRefused(
        "too-many-pixels",
        "The image has too many pixels: at most 24 million in a JPEG, 20 in a PNG or GIF and "
        "10 in a WebP. Scale it down.",
    )


def _shown(name: str) -> str:
    """The sender's name for the file as the beginning of a sentence, fit to be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last[:60] if character.isprintable())
    return f"{shown}: " if shown else ""
