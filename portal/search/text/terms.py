"""What a query asks for: its words, and what of it has to stand as it was typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from .scripts import is_unspaced, parts, plain
from .words import LONGEST_QUERY, WORDS_AT_MOST, words_of

CHUNK = re.compile(r'"([^"]+)"|(\S+)')
QUOTES = str.maketrans("“”„«»", '"' * 5)
EDGES = re.compile(r"^\W+|\W+$")
LITERAL = re.compile(r"[\d/\\.:@=]")  # of an address, a path, a version or a code; no hyphen alone


@dataclass(frozen=True)
class Terms:
    """All `words` are looked for, and first what has the `phrases` as they stand.

    Literal ones are addresses, paths, versions and codes, or stand between quotes: where they stand
    nowhere, that is said, and words of them are no beginnings of other words.
    """

    words: list[str]
    phrases: list[list[str]]
    is_literal: bool = False
    is_quoted: bool = False

    @classmethod
    def of(cls, query: str) -> "Terms":
        found = list(_phrases(query))
        literal = [phrase for phrase, is_literal, _ in found if is_literal]
        loose = [phrase for phrase, *_ in found]
        is_quoted = any(quoted for *_, quoted in found)
        return cls(words_of(query), literal or loose, bool(literal), is_quoted)

    @cached_property
    def whole(self) -> frozenset[str]:
        """The words that are never the beginning of a longer one."""
        return frozenset(word for phrase in self.phrases for word in phrase if self.is_literal)

    @property
    def titled(self) -> list[str]:
        """What has to stand in a title that is written without spaces and hyphens."""
        joined = ["".join(phrase) for phrase in self.phrases] if self.is_literal else []
        return [*joined, *(word for word in self.words if word not in self.whole)]

    @property
    def marks(self) -> list[list[str]]:
        """What an excerpt marks: the phrases in one piece, and where they are not, the words."""
        rest = [word for word in self.words if not any(word in phrase for phrase in self.phrases)]
        joined = ["_".join(phrase) for phrase in self.phrases]
        return [[*joined, *rest], self.words] if joined else [self.words]

    @property
    def spoken(self) -> str:
        return " ".join(self.words)

    def led_to(self, words: list[str]) -> "Terms":
        """The same with these words instead of its own."""
        meant = dict(zip(self.words, words, strict=True))
        phrases = [[meant.get(word, word) for word in phrase] for phrase in self.phrases]
        return replace(self, words=words, phrases=phrases)


def _phrases(query: str) -> Iterator[tuple[list[str], bool, bool]]:
    """(words, literal?, quoted?) of what is typed in one piece, or between quotes."""
    text = plain(query[:LONGEST_QUERY].translate(QUOTES))
    for quoted, piece in CHUNK.findall(text):
        words = parts(quoted or piece)[:WORDS_AT_MOST]
        if words and (quoted or len(words) > 1) and not any(map(is_unspaced, words)):
            is_literal = bool(quoted or LITERAL.search(EDGES.sub("", piece)))
            yield words, is_literal, bool(quoted)
