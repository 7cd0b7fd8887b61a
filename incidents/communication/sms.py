"""How many parts a text takes as SMS (3GPP TS 23.038)."""

import math
from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")  # each takes two places
ONE, MORE = {True: 160, False: 70}, {True: 153, False: 67}


class Size(NamedTuple):
    length: int
    parts: int
    one: int  # places of one part alone


def size_of(text: str) -> Size:
    """Places and parts; signs beyond the basic alphabet leave room for fewer."""
    is_basic = not set(text) - BASIC - EXTENDED
    length = len(text) + sum(each in EXTENDED for each in text)
    if not is_basic:
        length = len(text.encode("utf-16-le")) // 2
    one = ONE[is_basic]
    return Size(length, 1 if length <= one else math.ceil(length / MORE[is_basic]), one)
