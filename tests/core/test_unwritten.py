"""What is kept while nobody writes: read anew after each write, whoever it was."""

import pytest
from django.db import connection, transaction

from portal.accounts.models import Team
from portal.core.data.unwritten import WhileUnwritten, mark_of_database
from tests.runbooks.test_concurrency import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]


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


def reads_of(names, times: int) -> int:
    """How often it is read while nobody writes: other workers do so, to their own databases."""
    for _ in range(1000):
        names.kept.mark, names.reads[:] = None, []
        before = mark_of_database()
        for _ in range(times):
            names()
        if mark_of_database() == before:
            return len(names.reads)
    pytest.fail("The server was written to all the time")


def test_it_is_read_once_while_nobody_writes(names):
    assert names() == names() == names() == ["A"]
    assert reads_of(names, 3) == 1


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
    assert reads_of(names, 2) == 1


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
