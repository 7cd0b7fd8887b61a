"""The index on PostgreSQL: tsvector; `simple`, because alerts and commands are no English."""

from collections.abc import Iterable

RANK = "ts_rank_cd(e.vector, to_tsquery('simple', %s))"


class PostgreSQL:
    texts = source = "search_entry e"
    match = "e.vector @@ to_tsquery('simple', %s)"
    match_names = "e.named @@ to_tsquery('simple', %s)"
    newest = "e.id DESC"
    inside = "strpos(e.squeezed, %s) > 0"

    @staticmethod
    def whole(words: list[str]) -> str:
        return " & ".join(f"'{word}'" for word in words)

    @staticmethod
    def named(words: list[str]) -> str:
        """Whole words, for `match_names`."""
        return PostgreSQL.whole(words)

    @staticmethod
    def parts(words: list[str]) -> str:
        """Words that begin so."""
        return " & ".join(f"'{word}':*" for word in words)

    @staticmethod
    def of_kinds(expression: str, names: Iterable[str]) -> str | None:
        """None: the planner knows how many there are of each kind."""
        return None

    @staticmethod
    def rank(words: list[str]) -> tuple[str, list[str]]:
        """SQL and its parameters: how well what matches `parts` fits."""
        phrase = [" <-> ".join(f"'{word}'" for word in words)] if len(words) > 1 else []
        weighed = [PostgreSQL.parts(words), PostgreSQL.whole(words), *phrase]
        return " + ".join([RANK] * len(weighed)), weighed

    @staticmethod
    def asked(near: list[tuple[str, str]]) -> tuple[str, list]:
        """A table of (typed, word, expression) and its parameters, of pairs of the first two."""
        typed, words = map(list, zip(*near, strict=True))
        table = "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])"
        return table, [typed, words, [PostgreSQL.whole([word]) for word in words]]

    @staticmethod
    def repair() -> None:
        """Nothing: the column is generated."""
