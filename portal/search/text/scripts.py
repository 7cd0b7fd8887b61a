"""Letters as the search compares them, and words of scripts that write without spaces.

Neither database takes a Chinese, Japanese, Korean or Thai sentence apart. As in Lucene, each two
neighbouring letters of it become a word of the index: any part of a sentence is found by its
pairs, without a dictionary, and equally on both. A trigram index finds nothing of two letters,
which most of these words have; ICU has no wheel that installs without its C++ library.
"""

import re
from itertools import pairwise
from unicodedata import category, normalize

UNSPACED = (
    "\u0900-\u109f"  # India, Thailand, Laos, Tibet, Myanmar: their vowel signs part a word
    "\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u3098\u309b-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
ANY = re.compile(f"[{UNSPACED}]")
WORD = re.compile(r"\w+")
PART = re.compile(rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])\w)+")
VOICED = {0x3099, 0x309A}  # of kana: another letter, no accent


class _Marks(dict):
    """Without accents and vowel signs: a mark is no letter for either database."""

    def __missing__(self, code: int) -> int | None:
        self[code] = found = None if self._is_mark(code) else code
        return found

    @staticmethod
    def _is_mark(code: int) -> bool:
        return code not in VOICED and category(chr(code)).startswith("M")


MARKS = _Marks()


def plain(text: str) -> str:
    """Small letters of the usual width without marks: “Ｃａｆé” and “cafe” are one word."""
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFKD", text.lower()).translate(MARKS))


def is_unspaced(word: str) -> bool:
    return ANY.search(word) is not None


def parts(text: str) -> list[str]:
    """The words of a plain text; where the script changes, another one begins."""
    return PART.findall(text) if ANY.search(text) else WORD.findall(text)


def pairs(word: str) -> list[str]:
    """Each two neighbouring letters of an unspaced word, or its only one."""
    return [one + other for one, other in pairwise(word)] or [word]


def pieces(text: str) -> str:
    """What the index keeps beside a text, because no database finds it there by itself.

    The last letter of an unspaced word stands alone, so that each letter begins a piece.
    """
    if text.isascii():
        return ""
    known, found = set(WORD.findall(normalize("NFC", text.lower()))), []
    for word in WORD.findall(plain(text)):
        if is_unspaced(word):
            found += [piece for part in parts(word) for piece in _pieces_of(part)]
        elif word not in known:
            found.append(word)
    return " ".join(found)


def _pieces_of(part: str) -> list[str]:
    return [*pairs(part), part[-1]] if is_unspaced(part) and len(part) > 1 else [part]
