"""Words: of a query, of a text, and those that a typing error was meant to be."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import Protocol
from unicodedata import normalize

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from portal.search.models import Word

from .scripts import is_unspaced, parts, plain

WORDS_AT_MOST = 12
CORRECTED_AT_MOST = 5  # the longest; each reads a part of the vocabulary
LONGEST_QUERY = 200
SHORTEST, LONGEST = 3, 40  # of a word that may be corrected
SHORT = 3  # led only to what names something: of so few letters, any word is near to another
LONGEST_JOINED = 12  # of two words of a title
APART = {"a", "an", "and", "are", "for", "from", "how", "is", "it", "its", "of", "or", "the"}
APART |= {"to", "what", "when", "with"}  # never a part of a longer word
CLOSE_ENOUGH = 74
NEAREST = 5
VOCABULARY_AT_MOST = 50_000
AT_ONCE = 500
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
INNER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-/.]+")


class Seen(Protocol):
    """Asked which words for what was typed are there, as (typed, word)."""

    def __call__(self, near: list[tuple[str, str]], *, across: bool) -> set[str]: ...


def words_of(query: str) -> list[str]:
    return parts(plain(query[:LONGEST_QUERY]))[:WORDS_AT_MOST]


def squeezed(title: str) -> str:
    """The title when spaces, hyphens and capitals do not count: “Fail-over” and “failover”."""
    return "".join(parts(plain(title)))[:300]


def spelled(names: Iterable[str]) -> str:
    """Names with the words inside of them: “DiskFillsUp”, “disk-fills-up”."""
    names = list(names)
    return clean(" ".join([*names, *(INNER.sub(" ", name) for name in names)]))


def clean(text: str) -> str:
    """Composed, and without control characters: marks of excerpts would be among them."""
    return CONTROL.sub(" ", normalize("NFC", text))


def learn(found: Iterable[str]) -> None:
    """Remember words for `corrected`."""
    words = sorted(found)
    for first in range(0, len(words), AT_ONCE):
        part = words[first : first + AT_ONCE]
        known = set(Word.objects.filter(word__in=part).values_list("word", flat=True))
        Word.objects.bulk_create(
            [Word(word=word) for word in part if word not in known], ignore_conflicts=True
        )


def kept(title: str, *texts: str) -> set[str]:
    """The words that are remembered of a row; of its title neighbours as one word, too."""
    words, more = parts(plain(title)), parts(plain("\n".join(texts)))
    return {word for word in chain(words, _joined(words), more) if _is_kept(word)}


def _joined(words: list[str]) -> Iterator[str]:
    """Neighbours as one word, where that may be one: failover, standby, database."""
    for one, other in pairwise(words):
        joined = one + other
        if joined.isalpha() and len(joined) <= LONGEST_JOINED and APART.isdisjoint((one, other)):
            yield joined


def _is_kept(word: str) -> bool:
    if len(word) <= SHORT and not (word.isalpha() and word not in APART):
        return False
    return SHORTEST <= len(word) <= LONGEST and not word.isdecimal() and not is_unspaced(word)


def corrected(words: list[str], seen: Seen) -> list[str]:
    """The words with typing errors led back to those of which `seen` says that they are there."""
    known = seen([(word, word) for word in words], across=False)
    unknown = sorted({word for word in words if word not in known and _is_kept(word)}, key=len)
    near = [(word, each) for word in unknown[-CORRECTED_AT_MOST:] for each in _nearest(word)]
    there = seen(near, across=True) if near else set()
    best = {word: each for word, each in reversed(near) if each in there}
    return [best.get(word, word) for word in words]


def _nearest(word: str) -> list[str]:
    """Words that this one may have been meant to be, the most alike first."""
    begin = Word.objects.filter(word__gte=word[0], word__lt=word[0] + "\U0010ffff")
    rows = begin | Word.objects.filter(word__endswith=word[-2:])
    known = rows.order_by().values_list("word", flat=True)[:VOCABULARY_AT_MOST]
    if len(word) <= SHORT:
        return _one_slip_away(word, known)
    found = process.extract(
        word, known, scorer=fuzz.ratio, limit=NEAREST, score_cutoff=CLOSE_ENOUGH
    )
    return [each for each, _, _ in found]


def _one_slip_away(word: str, known: Iterable[str]) -> list[str]:
    """One letter more, less or other; first those with two letters in the other order."""
    near = [each for each in known if OSA.distance(word, each, score_cutoff=1) == 1]
    near.sort(key=lambda each: (sorted(each) != sorted(word), each[0] != word[0], each))
    return near[:NEAREST]
