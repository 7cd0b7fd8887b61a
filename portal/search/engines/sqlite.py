"""The index on SQLite: FTS5, with bm25 and weights for title, names and body."""

from collections.abc import Container, Iterable

from django.db import connection

from portal.search.text.scripts import is_unspaced, pairs
from portal.search.text.words import SHORT

TEXTS = "{title names body title_pieces pieces}"
NAMES = "{title names title_pieces}"


class SQLite:
    # CROSS JOIN: the index is read first, in its own order, and only as far as is asked
    texts = "search_text"
    source = "search_text CROSS JOIN search_entry e ON e.id = search_text.rowid"
    match = match_names = "search_text MATCH %s"
    newest = "search_text.rowid DESC"
    inside = "instr(e.squeezed, %s) > 0"

    @staticmethod
    def whole(words: list[str]) -> str:
        return f"{TEXTS} : ({_all(words)})"

    @staticmethod
    def named(words: list[str]) -> str:
        """Whole words in title and names only."""
        return f"{NAMES} : ({_all(words)})"

    @staticmethod
    def parts(words: list[str], whole: Container[str] = ()) -> str:
        """Words that begin so, but for those in `whole`.

        Whole words and the phrase find nothing more: they only weigh.
        """
        phrase = f" OR {_phrase(words)}" if len(words) > 1 else ""
        return f"{TEXTS} : (({_begun(words, whole)}){phrase})"

    @staticmethod
    def phrased(words: list[str], phrases: list[list[str]], *, begun: bool = False) -> str:
        """As `parts`, with the phrases as they stand, or with more letters at their end."""
        rest = set(words).difference(*phrases)
        found = [_phrase(phrase) + "*" * begun for phrase in phrases]
        found += [_begun(sorted(rest))] if rest else []
        return f"{TEXTS} : ({' AND '.join(found)})"

    @staticmethod
    def of_kinds(expression: str, names: Iterable[str]) -> str | None:
        """The same among these kinds: so that few are found among many without reading these."""
        either = " OR ".join(f'"{name}"' for name in names)
        return f"(kind : ({either})) AND ({expression})"

    @staticmethod
    def rank(words: list[str]) -> tuple[str, list[str]]:
        """SQL and its parameters: how well what matches `parts` fits."""
        return "-bm25(search_text, 0.0, 10.0, 8.0, 1.0, 9.0, 1.0)", []

    @staticmethod
    def asked(near: list[tuple[str, str]]) -> tuple[str, list]:
        """A table of (typed, word, expression) and its parameters, of pairs of the first two."""
        rows = [value for pair in near for value in (*pair, _meant(*pair))]
        return "VALUES " + ", ".join(["(%s, %s, %s)"] * len(near)), rows

    @staticmethod
    def repair() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_text(search_text) VALUES ('rebuild')")


def _all(words: list[str]) -> str:
    return " ".join(map(_term, words))


def _term(word: str) -> str:
    """The word; of an unspaced one its pairs in their order, or what begins with its letter."""
    if not is_unspaced(word):
        return f'"{word}"'
    return _phrase(pairs(word)) + "*" * (len(word) == 1)


def _begun(words: list[str], whole: Container[str] = ()) -> str:
    return " AND ".join(
        _term(word) if is_unspaced(word) or word in whole else f'("{word}"* OR "{word}")'
        for word in words
    )


def _phrase(words: list[str]) -> str:
    return f'"{" ".join(words)}"'


def _meant(typed: str, word: str) -> str:
    """Where a word may stand that is searched instead of what was typed."""
    is_short = typed != word and SHORT in (len(typed), len(word))
    return SQLite.named([word]) if is_short else SQLite.whole([word])
