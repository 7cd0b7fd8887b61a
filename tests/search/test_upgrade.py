"""From the release that indexed runbooks alone to the one index, and back."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from onboarding.models import Question
from portal.architecture.models import Service
from portal.search.models import Entry, Word
from portal.search.query import search
from runbooks.models import Runbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]
BEFORE = {
    "onboarding": "0006_search_published",
    "runbooks": "0009_runs_by_service",
    "architecture": "0005_dependencies_named",
    "search": None,
}
TYPED = {"rotaet": "Disk fills up", "around": "First day", "there": "Where?", "orders": "Checkout"}
TYPED |= {"磁盘": "备份磁盘已满", "cafe": "备份磁盘已满", "dsn": "The DNS"}


@pytest.fixture
def rows(disk, published, alice):
    Service.objects.create(slug="checkout", name="Checkout", description="Takes orders.")
    Service.objects.create(slug="backup", name="备份磁盘已满", description="Behind the Café.")
    Service.objects.create(slug="dns", name="The DNS")
    Question(slug="where").write(topic="Signing in", question="Where?", answer="Over *there*.")
    Question(slug="secret").write(topic="T", question="Secret?", answer="x", is_published=False)
    Runbook.objects.start("Secret plan", by=alice, text="Not yet.")
    Runbook.objects.start("Old plan", by=alice, text="Never.").archive(by=alice)
    published.describe(by=alice, title="Secret merger")


@pytest.fixture
def before(rows):
    """The tables as the release before had them, with the same rows."""
    entries = everything()
    MigrationExecutor(connection).migrate(list(BEFORE.items()))
    return entries


def everything() -> list:
    columns = [each.attname for each in Entry._meta.fields if each.attname != "id"]
    return list(Entry.objects.order_by("kind", "key").values_list(*columns))


def asked(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_after_migrating_all_is_found_as_if_written_now_and_no_word_is_lost(before, nina, alice):
    old = asked("SELECT title, published FROM runbooks_search ORDER BY title")
    assert old == [("Disk fills up", "y"), ("Secret plan", "n")]
    [(words,)] = asked("SELECT words FROM onboarding_guideversion")
    assert "press it" in words
    asked_for = {word for (word,) in asked("SELECT word FROM runbooks_searchword")}

    call_command("migrate", verbosity=0)

    assert everything() == before
    assert [search(typed, user=nina).hits[0].title for typed in TYPED] == list(TYPED.values())
    assert search("secret", user=nina).total == 0
    assert search("secret", user=alice).total == 2
    assert "runbooks_search" not in connection.introspection.table_names()
    assert asked_for and asked_for <= set(Word.objects.values_list("word", flat=True))
