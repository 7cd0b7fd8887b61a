"""How much room words take, without a font at hand: a little too much rather than too little."""

import re
import textwrap
import unicodedata

FORBIDDEN = re.compile(
    "[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
NARROW, BROAD = frozenset("ijlrtfI.,:;'|!()[] "), frozenset("mwMW@%")
LONGEST_LABEL = 44
PER_CHARACTER = 6.2  # pixels, at 11


def shown(text: str) -> str:
    """The text without what XML forbids, and without signs that turn what stands beside it."""
    return FORBIDDEN.sub(" ", text)


def cells(text: str) -> float:
    """Its width in ordinary letters."""
    return sum(_cell(character) for character in text)


def _cell(character: str) -> float:
    if character in NARROW:
        return 0.6
    if unicodedata.east_asian_width(character) in "WF":
        return 1.9
    return 1.5 if character in BROAD else 1.25 if character.isupper() else 1


def wrapped(text: str, width: int, most: int) -> list[str]:
    """At most so many lines of so many ordinary letters; what does not fit ends in an ellipsis."""
    clean = shown(text)
    taken = max(1.0, cells(clean) / max(len(clean), 1))
    letters = max(4, int(width / taken))
    return textwrap.wrap(clean, letters, max_lines=most, placeholder="…") or [clean[:letters]]


def label(text: str) -> str:
    """A label on one line; what stands in brackets at its end is kept."""
    clean = " ".join(shown(text).split())
    if cells(clean) <= LONGEST_LABEL:
        return clean
    head, bracket, tail = clean.rpartition(" (")
    if not bracket or cells(tail) > LONGEST_LABEL / 2:
        return wrapped(clean, LONGEST_LABEL, 1)[0]
    return f"{wrapped(head, int(LONGEST_LABEL - cells(tail)) - 2, 1)[0]} ({tail}"


def width_of(text: str) -> float:
    """The pixels that a label takes."""
    return cells(label(text)) * PER_CHARACTER
