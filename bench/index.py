"""The index of the search: its rows, its bare query, and what the search asks of it."""

import re

from django.db import connection

from bench.asking import get
from bench.clock import spent
from runbooks.models import SearchEntry, SearchWord

TABLE = SearchEntry._meta.db_table
NAMED = re.compile(rf"\b{TABLE}\b")
REPEATED = 5
SQLITE = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rank LIMIT 20"
POSTGRESQL = (
    f"SELECT rowid FROM {TABLE}, to_tsquery('simple', %s) asked WHERE vector @@ asked "
    "ORDER BY ts_rank_cd(vector, asked) DESC LIMIT 20"
)


def entry(key: int, *, slug: str, title: str, alert: str, body: str) -> SearchEntry:
    """What the index has of a published runbook."""
    return SearchEntry(pk=key, published="y", title=title, names=f"{alert} {slug}", body=body)


def enter(entries) -> None:
    SearchEntry.objects.bulk_create(entries)


def learn(words: set[str]) -> None:
    """What a typing error may have been meant to be."""
    SearchWord.objects.bulk_create(
        [SearchWord(word=word) for word in sorted(words)], ignore_conflicts=True
    )


def compared(application, order: dict) -> dict:
    """Processor time of the search's statements about the index, and of the bare query."""
    raw = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    ours = bare = 0.0
    for path, word in zip(order["paths"], order["words"], strict=True):
        statements = _statements(application, path, order["headers"])
        ours += _run(statements)
        bare += _run([(raw, [word])])
    count = len(order["paths"]) * REPEATED
    return {"ours_ms": ours * 1000 / count, "raw_ms": bare * 1000 / count}


def _statements(application, path: str, headers: dict) -> list[tuple]:
    seen: list[tuple] = []

    def note(execute, sql, params, many, context):
        if NAMED.search(sql):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        get(application, path, headers)
    return seen


def _run(statements: list[tuple]) -> float:
    began = spent()
    for _ in range(REPEATED):
        for sql, params in statements:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                cursor.fetchall()
    return spent() - began
