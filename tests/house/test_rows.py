"""Rows that are copied for a test are those that the verbs of the portal would write for it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.search import index
from runbooks.models import Runbook
from tests import rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL makes them each time"),
]


def whole_database() -> dict[str, list]:
    """Every row of every table, of the search's and of keys too; times by whether they are new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        names = [name for (name,) in cursor.fetchall()]
        return {
            name: sorted(map(timeless, rows.rows_of(cursor, name)[1]), key=repr) for name in names
        }


def timeless(row: tuple) -> tuple:
    now = datetime.now(UTC).replace(tzinfo=None)
    return tuple(now - c < timedelta(minutes=1) if isinstance(c, datetime) else c for c in row)


def undone(make) -> dict[str, list]:
    with transaction.atomic():
        make()
        found = whole_database()
        transaction.set_rollback(True)
    return found


def test_a_copy_is_what_was_made(alice, paul, publish):
    kept = {}

    def make():
        with index.together():  # or the entry is written three times, which takes more keys
            publish(Runbook.objects.start("Disk", by=alice, text="1. Go", alerts=["Full"]).newest)

    made = undone(lambda: rows.once(kept, ("disk",), make))
    copied = undone(lambda: rows.once(kept, ("disk",), pytest.fail))

    assert made["runbooks_runbook"] and made["search_text"]
    assert copied == made


def test_what_was_made_before_other_rows_is_made_anew_after_them(alice):
    kept, made = {}, []

    def make():
        made.append(Runbook.objects.start(f"Disk {len(made)}", by=alice, text="1. Go"))

    undone(lambda: rows.once(kept, ("disk",), make))
    rows.once(kept, ("disk",), make)
    rows.once(kept, ("disk",), make)

    assert [row.title for row in Runbook.objects.order_by("pk")] == ["Disk 0", "Disk 1"]


def test_a_copy_is_as_old_as_what_was_made(alice, monkeypatch):
    kept, later = {}, timezone.now() + timedelta(days=400)

    def make():
        Runbook.objects.start("Disk", by=alice, text="1. Go")

    undone(lambda: rows.once(kept, ("disk",), make))
    monkeypatch.setattr(timezone, "now", lambda: later)
    rows.once(kept, ("disk",), pytest.fail)

    assert later - timedelta(minutes=1) < Runbook.objects.get().created_at <= later
