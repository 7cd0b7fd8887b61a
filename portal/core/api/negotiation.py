"""Which representation a client wants (RFC 9110, section 12.5.1), remembered per header."""

from functools import lru_cache

from rest_framework.exceptions import NotAcceptable

LONGEST = 1000
RANGES_AT_MOST = 50


@lru_cache(maxsize=1024)
def preferred(accept: str, offered: tuple[str, ...]) -> str:
    """The media type to answer with; the first offered one wins a tie.

    Raises NotAcceptable (406) when the client wants none of them.
    """
    ranges = [_parsed(text) for text in accept[:LONGEST].split(",")[:RANGES_AT_MOST]]
    qualities = {media_type: _quality(media_type, ranges) for media_type in offered}
    best = max(offered, key=qualities.__getitem__)
    if not qualities[best]:
        raise NotAcceptable(f"This can be given as {', '.join(offered)}.")
    return best


def _parsed(text: str) -> tuple[str, float]:
    media_range, *parameters = (part.strip().lower() for part in text.split(";"))
    return media_range, next((_number(p[2:]) for p in parameters if p.startswith("q=")), 1.0)


def _number(text: str) -> float:
    """A quality from 0 to 1; what is no number counts as not wanted."""
    try:
        return float(text) if 0 <= float(text) <= 1 else 0.0
    except ValueError:
        return 0.0


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that covers the type."""
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [quality for name, quality in ranges if name == media_range]
        if found:
            return max(found)
    return 0.0
