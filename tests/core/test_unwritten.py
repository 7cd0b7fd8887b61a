"""What is kept while nobody writes: read anew after each write, whoever it was."""

import pytest
from django.db import connection, transaction

from portal.accounts.models import Team
from portal.core.data.unwritten import WhileUnwritten
from tests.runbooks.test_concurrency import at_once, shared_database

__all__ = ["shared_database"]  # a database outside of the test's transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(shared_database):
    """The names of the teams, and in `reads` how often they were read."""
    reads = []

    def read() -> list[str]:
        reads.append(1)
        return list(Team.objects.order_by("name").values_list("name", flat=True))

    kept = WhileUnwritten(read)
    kept.reads = reads
    Team.objects.create(slug="a", name="A")
    yield kept
    connection.close()


def make(slug: str) -> None:
    Team.objects.create(slug=slug, name=slug.upper())


def test_it_is_read_once_while_nobody_writes(names):
    assert names() == names() == names() == ["A"]
    assert len(names.reads) == 1


def test_it_is_read_anew_after_what_was_written_here(names):
    names()
    make("b")
    assert names() == ["A", "B"]
    Team.objects.filter(slug="b").update(name="C")
    assert names() == ["A", "C"]
    Team.objects.filter(slug="b").delete()
    assert names() == ["A"]


def test_it_is_read_anew_after_what_others_wrote(names):
    names()
    at_once(1, lambda _: make("b"))
    assert names() == ["A", "B"]
    assert names() == ["A", "B"]
    assert len(names.reads) == 2


def test_it_is_not_kept_when_a_transaction_is_taken_back(names):
    with transaction.atomic():
        make("b")
        assert names() == ["A", "B"]
        transaction.set_rollback(True)

    assert names() == ["A"]


def test_another_connection_reads_it_anew(names):
    names()
    connection.close()
    assert names() == ["A"]
    assert len(names.reads) == 2
