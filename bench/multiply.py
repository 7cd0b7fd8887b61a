"""More rows of those that are there, copied inside the database: 100,000 in a minute or two."""

from django.db import connection, transaction

from bench.counts import OPEN_INCIDENTS
from bench.seed import SEEDED, STEPS
from bench.seed_incidents import ENTRIES
from bench.words import FIRST
from incidents.models import AffectedService, Incident
from incidents.models import Entry as TimelineEntry
from portal.monitoring.models import Alert
from portal.search.models import Entry
from runbooks.models import AlertName, Run, Runbook, RunStep, Version

# What is open stays as it is, and so few at each size.
OVER = f"WHERE old.incident_id > {OPEN_INCIDENTS}"
ONLY = {
    Entry: "WHERE old.kind = 'runbook'",
    Incident: f"WHERE old.number > {OPEN_INCIDENTS}",
    TimelineEntry: OVER,
    AffectedService: OVER,
}
ENTRIES_AT_MOST = SEEDED * (ENTRIES + 1)  # with those of what is open
COPIES = "WITH RECURSIVE copies(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copies WHERE k < %s) "


def _shifted(column: str, by: int = SEEDED) -> str:
    return f"old.{column} + {by} * k"


def _renamed(column: str, before: str, key: str, first: int = 0) -> str:
    """The text with the number of its row replaced, where it stands behind `before`."""
    old, new = f"({first} + old.{key})", f"({first} + {_shifted(key)})"
    return f"replace(old.{column}, '{before}' || {old}, '{before}' || {new})"


def _word(column: str, key: str = "id") -> str:
    return _renamed(column, "only", key, FIRST)


# model -> the columns that a copy does not share with its original, in SQL
COPIED = {
    Version: {
        "id": _shifted("id"),
        "runbook_id": _shifted("runbook_id"),
        "text": _word("text"),
        "html": _word("html"),
        "plain": _word("plain"),
        "hash": f"substr(old.hash, 1, 57) || ({FIRST} + {_shifted('id')})",
    },
    Runbook: {
        "id": _shifted("id"),
        "published_id": _shifted("published_id"),
        "slug": f"'runbook-' || ({_shifted('id')})",
        "title": _renamed("title", "trouble ", "id"),
        "source_path": f"'runbooks/runbook-' || ({_shifted('id')}) || '.md'",
    },
    AlertName: {
        "id": _shifted("id"),
        "runbook_id": _shifted("runbook_id"),
        "name": f"'Alert' || ({_shifted('id')})",
    },
    Runbook.services.through: {"id": _shifted("id"), "runbook_id": _shifted("runbook_id")},
    Entry: {
        "id": f"old.id + {FIRST} + {SEEDED} * k",  # behind those of the catalog
        "key": _shifted("key"),
        "slug": f"'runbook-' || ({_shifted('key')})",
        "title": _renamed("title", "trouble ", "key"),
        "squeezed": _renamed("squeezed", "trouble", "key"),
        "names": f"'Alert' || ({_shifted('key')}) || ' runbook-' || ({_shifted('key')})",
        "body": _word("body", "key"),
    },
    Run: {
        "id": _shifted("id"),
        "runbook_id": _shifted("runbook_id"),
        "version_id": _shifted("version_id"),
        "holder_id": "NULL",
    },
    RunStep: {"id": _shifted("id", SEEDED * STEPS), "run_id": _shifted("run_id")},
    Alert: {  # what is over: those that fire are as many at each size
        "id": _shifted("id"),
        "fingerprint": "old.fingerprint || '-' || k",
        "state": "'resolved'",
        "ends_at": "old.starts_at",
    },
    Incident: {
        "number": _shifted("number"),
        "title": _renamed("title", "incident ", "number"),
    },
    TimelineEntry: {
        "id": _shifted("id", ENTRIES_AT_MOST),
        "incident_id": _shifted("incident_id"),
    },
    AffectedService: {
        "id": _shifted("id", SEEDED * 2),
        "incident_id": _shifted("incident_id"),
    },
}


def multiply(count: int) -> None:
    """Copy the SEEDED of everything until there are `count`, a multiple of SEEDED."""
    if count <= SEEDED:
        return
    with transaction.atomic(), connection.cursor() as cursor:  # keys are checked at its end
        for model, changed in COPIED.items():
            cursor.execute(_statement(model, changed), [count // SEEDED - 1])


def _statement(model, changed: dict[str, str]) -> str:
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(column, f'old."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    insert = f'INSERT INTO "{table}" ({names}) {COPIES} SELECT {values} FROM "{table}" old, copies '
    return f"{insert}{ONLY.get(model, '')}"
