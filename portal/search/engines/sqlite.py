"""The index on SQLite: FTS5, with bm25 and weights for title, names and body."""

from collections.abc import Iterable

from django.db import connection

TEXTS = "{title names body}"


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
        return f"{{title names}} : ({_all(words)})"

    @staticmethod
    def parts(words: list[str]) -> str:
        """Words that begin so. Whole words and the phrase find nothing more: they only weigh."""
        either = " AND ".join(f'("{word}"* OR "{word}")' for word in words)
        phrase = f' OR "{" ".join(words)}"' if len(words) > 1 else ""
        return f"{TEXTS} : (({either}){phrase})"

    @staticmethod
    def of_kinds(expression: str, names: Iterable[str]) -> str | None:
        """The same among these kinds: so that few are found among many without reading these."""
        either = " OR ".join(f'"{name}"' for name in names)
        return f"(kind : ({either})) AND ({expression})"

    @staticmethod
    def rank(words: list[str]) -> tuple[str, list[str]]:
        """SQL and its parameters: how well what matches `parts` fits."""
        return "-bm25(search_text, 0.0, 10.0, 8.0, 1.0)", []

    @staticmethod
    def asked(near: list[tuple[str, str]]) -> tuple[str, list]:
        """A table of (typed, word, expression) and its parameters, of pairs of the first two."""
        rows = [value for typed, word in near for value in (typed, word, SQLite.whole([word]))]
        return "VALUES " + ", ".join(["(%s, %s, %s)"] * len(near)), rows

    @staticmethod
    def repair() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_text(search_text) VALUES ('rebuild')")


def _all(words: list[str]) -> str:
    return " ".join(f'"{word}"' for word in words)
