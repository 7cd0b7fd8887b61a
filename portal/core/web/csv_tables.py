"""Rows as CSV (RFC 4180) that a spreadsheet shows and does not execute."""

import csv
from collections.abc import Iterable, Iterator

STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


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
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_OF_FORMULAS) and not is_number else text


class _Line:
    """What the writer writes to: it hands the line on."""

    def write(self, line: str) -> str:
        return line
