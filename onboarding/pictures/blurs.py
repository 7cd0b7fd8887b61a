"""What nobody may read on a picture is burnt into it: the stored pixels are not the first ones.

A region becomes at most 6 × 3 cells, each the mean of its pixels and a random step away from
it, then smooth: of a word nothing is left that its letters could be guessed from.
"""

import math
from dataclasses import dataclass, field
from secrets import randbelow

from django.core.exceptions import ValidationError
from PIL import Image, ImageFilter

from portal.core.media.uploads import StoredImage, redrawn

from .callouts import validate_callouts

COLUMNS, ROWS, CELL = 6, 3, 24  # at most so many cells, and none smaller than so many pixels
STRAY = 16  # of 255, how far a cell may stray from its mean


@dataclass(frozen=True)
class Drawn:
    """A picture to keep, and what was made unreadable in it."""

    stored: StoredImage
    blurred: list[dict] = field(default_factory=list)


def validate_blurs(blurs) -> None:
    """Raises ValidationError unless each is `{"box", "selector"}` as in a callout."""
    if not isinstance(blurs, list) or not all(isinstance(blur, dict) for blur in blurs):
        raise ValidationError("Blurred regions are a list of boxes.")
    validate_callouts([{**blur, "kind": "box", "text": ""} for blur in blurs])


def burnt(content: bytes, blurs: list[dict], *, before: list[dict] | None = None) -> Drawn:
    """The stored picture with these regions unreadable, `before` being so already.

    Raises ValidationError, and UploadRefused if the picture is broken.
    """
    validate_blurs(blurs)
    boxes = [blur["box"] for blur in blurs]
    stored = redrawn(content, lambda image: unreadable(image, boxes))
    return Drawn(stored, [*(before or []), *blurs])


def unreadable(image: Image.Image, boxes: list[dict]) -> Image.Image:
    """The image with these boxes, in percent of its size, pixelated and smoothed in place."""
    for box in boxes:
        area = _pixels(box, *image.size)
        image.paste(_cells(image.crop(area)), area)
    return image


def _pixels(box: dict, width: int, height: int) -> tuple[int, int, int, int]:
    """The area in whole pixels: one more rather than one less, and never an empty one."""
    left, top = (
        max(math.floor(at) - 1, 0) for at in (box["x"] * width / 100, box["y"] * height / 100)
    )
    right = math.ceil((box["x"] + box["w"]) * width / 100) + 1
    bottom = math.ceil((box["y"] + box["h"]) * height / 100) + 1
    return min(left, width - 1), min(top, height - 1), min(right, width), min(bottom, height)


def _cells(region: Image.Image) -> Image.Image:
    width, height = region.size
    cells = (min(max(width // CELL, 1), COLUMNS), min(max(height // CELL, 1), ROWS))
    coarse = region.resize(cells, Image.Resampling.BOX)
    for x in range(cells[0]):
        for y in range(cells[1]):
            coarse.putpixel((x, y), _astray(coarse.getpixel((x, y)), coarse.mode))
    large = coarse.resize(region.size, Image.Resampling.NEAREST)
    return large.filter(ImageFilter.GaussianBlur(min(region.size) / 8))


def _astray(value, mode: str):
    """A colour near this one, and opaque: nothing shows through."""
    if isinstance(value, int):
        return _near(value)
    colour = tuple(_near(channel) for channel in value[:3])
    return (*colour, 255) if mode == "RGBA" else colour


def _near(channel: int) -> int:
    return min(max(channel + randbelow(2 * STRAY + 1) - STRAY, 0), 255)
