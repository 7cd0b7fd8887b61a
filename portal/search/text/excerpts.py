"""The place in a text that shows why it was found.

FTS5's `snippet` needs the square of how often a word occurs: ten seconds for one long table. This
needs one pass over the text.
"""

import re
from collections.abc import Container, Iterator
from itertools import islice
from unicodedata import is_normalized, normalize

from .scripts import MARKS, UNSPACED, is_unspaced

BEFORE, LONGEST = 60, 200  # characters
PLACES_TRIED = 10


BEGIN = rf"(?:(?<![^\W_])|(?<=[{UNSPACED}]))"
END = rf"(?!(?![{UNSPACED}])[^\W_])"
REST = rf"(?:(?![{UNSPACED}])[^\W_])*"
SIGNS = r"[^\w\s]?[^\w\s]?"  # vowels and tones, between the letters of an unspaced word


class _Bases(dict):
    """From a letter to the same of the usual width without its accents, as the search has it."""

    def __missing__(self, code: int) -> int:
        letter = normalize("NFKC", chr(code))
        if len(letter) > 1 or not is_unspaced(letter):
            letter = normalize("NFKD", letter).translate(MARKS) or letter
        base = ord(letter[0])
        if base != code:
            self[code] = base
        return base


BASES = _Bases()


def excerpt(text: str, words: list[str], *, whole: Container[str] = ()) -> list[tuple[str, bool]]:
    """(text, is it a match?) around the place with most of the words, or the beginning.

    Words in `whole` do not match those that only begin so.
    """
    bare, wanted = _bare(text), _pattern(words, whole)
    places = sorted(_places(bare, words, wanted, whole))[: PLACES_TRIED if len(words) > 1 else 1]
    around = [_around(bare, place) for place in places]
    start, end = max(around, key=lambda at: _variety(wanted, bare, *at), default=(0, LONGEST))
    shown = _marked(text[start:end], wanted.finditer(bare[start:end]))
    before, after = "…" * (start > 0), "…" * (end < len(text))
    return [part for part in ((before, False), *shown, (after, False)) if part[0]]


def _places(bare: str, words: list[str], wanted: re.Pattern, whole) -> Iterator[int]:
    """Where the first of each word are. A pattern that begins with letters is found the fastest."""
    small = bare.lower()
    if len(small) != len(bare):  # a letter that becomes two
        yield from (place.start() for place in islice(wanted.finditer(bare), PLACES_TRIED))
        return
    for word in words:
        written = _written(_bare(word).lower())
        ended = rf"{written}{END}" if word in whole else written
        places = re.finditer(ended, small) if written else ()
        begun = (
            place.start()
            for place in places
            if is_unspaced(word) or not _follows_letter(small, place.start())
        )
        yield from islice(begun, PLACES_TRIED)


def _follows_letter(text: str, place: int) -> bool:
    return place > 0 and text[place - 1].isalnum() and not is_unspaced(text[place - 1])


def _bare(text: str) -> str:
    return text if is_normalized("NFKD", text) else text.translate(BASES)


def _written(word: str) -> str:
    """A pattern of the word; an underscore is no part of a word for the search."""
    if is_unspaced(word):
        return SIGNS.join(map(re.escape, word))
    return r"[\W_]+".join(re.escape(part) for part in word.split("_") if part)


def _pattern(words: list[str], whole: Container[str]) -> re.Pattern:
    """Words that begin so or are whole, and unspaced ones wherever they stand."""
    found = [(word, _written(_bare(word))) for word in words]
    inside = [written for word, written in found if is_unspaced(word)]
    begun = "|".join(
        written + (END if word in whole else REST)
        for word, written in found
        if written and not is_unspaced(word)
    )
    either = "|".join([*inside, *([rf"{BEGIN}(?:{begun})"] if begun else [])])
    return re.compile(either or r"(?!)", re.IGNORECASE)


def _around(text: str, place: int) -> tuple[int, int]:
    """From a little before the place, in whole words where there are any."""
    early = max(0, place - BEFORE)
    start = text.find(" ", early, place) + 1 or early if early else 0
    end = start + LONGEST
    if end >= len(text):
        return start, len(text)
    cut = text.rfind(" ", place, end)
    return start, cut if cut > place else end


def _variety(wanted: re.Pattern, text: str, start: int, end: int) -> int:
    return len({found.lower() for found in wanted.findall(text, start, end)})


def _marked(text: str, places):
    done = 0
    for place in places:
        yield text[done : place.start()], False
        yield text[place.start() : place.end()], True
        done = place.end()
    yield text[done:], False
