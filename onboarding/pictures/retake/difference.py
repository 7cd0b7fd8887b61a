"""What differs between two pictures of a page, to the eye and not to the last bit."""

from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SAME = 0.0001  # the part of the pixels that may differ: a few edges, but not a word
FAINT = 28  # of 255: differences in the smoothing of letters stay below it
RED = (206, 24, 33)


class Box(NamedTuple):
    """A place on a picture, in pixels."""

    x: float
    y: float
    width: float
    height: float


class Difference(NamedTuple):
    """The part of the pixels that differ, and a picture of where."""

    part: float
    picture: bytes

    def __str__(self):
        return in_percent(self.part)

    @property
    def counts(self) -> bool:
        return self.part > SAME


def in_percent(part: float) -> str:
    percent = part * 100
    return f"{percent:.0f} %" if percent >= 1 else f"{percent:.2g} %"


def difference(before: bytes, after: bytes, *, passed_over: Iterable[Box] = ()) -> Difference:
    """Compare two pictures (PNG). Times and other places that always change are passed over.

    What one of them has beside the edge of the other differs.
    """
    old, new = _opened(before), _opened(after)
    size = max(old.width, new.width), max(old.height, new.height)
    mask = _differing(_on_canvas(old, size), _on_canvas(new, size))
    drawing = ImageDraw.Draw(mask)
    for box in passed_over:
        corner = box.x + box.width, box.y + box.height
        drawing.rectangle(((box.x - 1, box.y - 1), corner), fill=0)
    _mark_edges(drawing, old, new, size)
    count = mask.histogram()[255]
    return Difference(count / (size[0] * size[1]), _shown(_on_canvas(new, size), mask))


def _opened(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as picture:
        return picture.convert("RGB")


def _on_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, "white")
    canvas.paste(picture)
    return canvas


def _differing(old: Image.Image, new: Image.Image) -> Image.Image:
    """White where the two differ, after both are softened a little."""
    soft = ImageFilter.BoxBlur(1)
    found = ImageChops.difference(old.filter(soft), new.filter(soft))
    red, green, blue = found.split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return strongest.point(lambda value: 255 if value > FAINT else 0)


def _mark_edges(drawing, old: Image.Image, new: Image.Image, size: tuple[int, int]) -> None:
    for picture in (old, new):
        if picture.width < size[0]:
            drawing.rectangle(((picture.width, 0), size), fill=255)
        if picture.height < size[1]:
            drawing.rectangle(((0, picture.height), size), fill=255)


def _shown(new: Image.Image, mask: Image.Image) -> bytes:
    """The new picture, pale, with what differs in red."""
    pale = Image.blend(new.convert("L").convert("RGB"), Image.new("RGB", new.size, "white"), 0.6)
    pale.paste(RED, mask=mask.filter(ImageFilter.MaxFilter(3)))
    written = BytesIO()
    pale.save(written, "PNG")
    return written.getvalue()
