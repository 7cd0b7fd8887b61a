"""The index on PostgreSQL: tsvector; `simple`, because alerts and commands are no English."""

from collections.abc import Container, Iterable

from portal.search.text.scripts import is_unspaced, pairs
from portal.search.text.words import SHORT

RANK = "ts_rank_cd(e.vector, to_tsquery('simple', %s))"


class PostgreSQL:
    texts = source = "search_entry e"
    match = "e.vector @@ to_tsquery('simple', %s)"
    match_names = "e.named @@ to_tsquery('simple', %s)"
    newest = "e.id DESC"
    inside = "strpos(e.squeezed, %s) > 0"

    @staticmethod
    def whole(words: list[str]) -> str:
        return " & ".join(map(_term, words))

    @staticmethod
    def named(words: list[str]) -> str:
        """Whole words, for `match_names`."""
        return PostgreSQL.whole(words)

    @staticmethod
    def parts(words: list[str], whole: Container[str] = ()) -> str:
        """Words that begin so, but for those in `whole`."""
        return " & ".join(
            _term(word) if is_unspaced(word) or word in whole else f"'{word}':*" for word in words
        )

    @staticmethod
    def phrased(words: list[str], phrases: list[list[str]], *, begun: bool = False) -> str:
        """As `parts`, with the phrases as they stand, or with more letters at their end."""
        rest = sorted(set(words).difference(*phrases))
        found = [f"({_phrase(phrase)}{':*' * begun})" for phrase in phrases]
        return " & ".join([*found, *([PostgreSQL.parts(rest)] if rest else [])])

    @staticmethod
    def of_kinds(expression: str, names: Iterable[str]) -> str | None:
        """None: the planner knows how many there are of each kind."""
        return None

    @staticmethod
    def rank(words: list[str]) -> tuple[str, list[str]]:
        """SQL and its parameters: how well what matches `parts` fits."""
        tokens = [each for word in words for each in (pairs(word) if is_unspaced(word) else [word])]
        phrase = [_phrase(tokens)] if len(tokens) > 1 else []
        weighed = [PostgreSQL.parts(words), PostgreSQL.whole(words), *phrase]
        return " + ".join([RANK] * len(weighed)), weighed

    @staticmethod
    def asked(near: list[tuple[str, str]]) -> tuple[str, list]:
        """A table of (typed, word, expression) and its parameters, of pairs of the first two."""
        typed, words = map(list, zip(*near, strict=True))
        table = "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])"
        return table, [typed, words, [_meant(*pair) for pair in near]]

    @staticmethod
    def repair() -> None:
        """Nothing: the column is generated."""


def _term(word: str) -> str:
    """The word; of an unspaced one its pairs, or what begins with its letter.

    Not as a phrase: of a long text PostgreSQL keeps no positions.
    """
    if not is_unspaced(word):
        return f"'{word}'"
    return " & ".join(f"'{pair}'" for pair in pairs(word)) + ":*" * (len(word) == 1)


def _phrase(words: list[str]) -> str:
    return " <-> ".join(f"'{word}'" for word in words)


def _meant(typed: str, word: str) -> str:
    """Where a word may stand that is searched instead of what was typed."""
    is_short = typed != word and SHORT in (len(typed), len(word))
    return _term(word) + ":AB" * is_short  # the weights of title and names
