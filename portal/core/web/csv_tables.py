"""Rows as CSV (RFC 4180) that a spreadsheet shows and does not execute."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator

STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
UNSEEN = {"Cc", "Cf", "Mn", "Zs"}  # of no width, among them U+FEFF and U+200B, and spaces


def csv_lines(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table, one at a time; a cell that begins like a formula gets a `'` before it.

    Source: OWASP, CSV Injection; CWE-1236.
    """
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow(safe_cell(value) for value in row)


def safe_cell(value: object) -> str:
    text = "" if value is None else str(value)
    is_number = isinstance(value, int | float)
    return f"'{text}" if not is_number and _begins_like_a_formula(text) else text


def _begins_like_a_formula(text: str) -> bool:
    """Whatever stands before it that nobody sees, and however wide it is written: “＝”."""
    for sign in text:
        if unicodedata.normalize("NFKC", sign).startswith(STARTS_OF_FORMULAS):
            return True
        if unicodedata.category(sign) not in UNSEEN:
            return False
    return False


class _Line:
    """What the writer writes to: it hands the line on."""

    def write(self, line: str) -> str:
        return line
