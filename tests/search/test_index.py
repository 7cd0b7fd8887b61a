"""Writing the index: with the row, in its transaction, once; and all of it anew."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Guide, Question
from portal.architecture.models import Service
from portal.search import index, jobs, registry
from portal.search.models import Entry, Waiting, Word
from portal.search.query import find
from runbooks.files.importer import Import
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db


def keys(query: str, person, **more) -> list[tuple[str, int]]:
    return [(match.kind, match.key) for match in find(query, user=person, **more).matches]


def test_it_follows_every_change_of_a_runbook(disk, alice, nina):
    disk.describe(by=alice, title="Volume is full", alerts=["VolumeFull"])
    assert keys("disk volume", nina) == keys("VolumeFull", nina) == [("runbook", disk.pk)]

    disk.archive(by=alice)
    assert keys("volume", nina) == []
    assert keys("volume", nina, archived=True) == [("runbook", disk.pk)]

    disk.unarchive(by=alice)
    assert keys("volume", nina) == [("runbook", disk.pk)]


def test_an_old_copy_of_a_row_does_not_bring_its_old_title_back(disk, alice, nina):
    old = Runbook.objects.get(pk=disk.pk)
    disk.describe(by=alice, title="Volume is full")

    old.ask_review("It looks old")

    assert keys("volume", nina) == [("runbook", disk.pk)]


def test_it_follows_services_saved_and_deleted_in_any_way(nina):
    names = ("Checkout", "Checkout two", "Checkout three")
    rows = [Service.objects.create(slug=f"s{n}", name=name) for n, name in enumerate(names)]
    assert len(keys("checkout", nina)) == 3

    rows[0].name = "Basket"
    rows[0].save()
    rows[1].delete()
    Service.objects.filter(slug="s2").delete()

    assert keys("checkout", nina) == [] and keys("basket", nina) == [("service", rows[0].pk)]


def test_it_follows_guides_and_questions(published, alice, nina):
    published.archive(by=alice)
    assert keys("around", nina) == []
    published.unarchive(by=alice)
    assert keys("around", nina) == [("guide", published.pk)]

    question = Question(slug="where")
    question.write(topic="Signing in", question="Where?", answer="Over *there*.")
    assert keys("there", nina) == [("question", question.pk)]
    Question.objects.all().delete()
    assert keys("there", nina) == []


def test_what_is_rolled_back_was_never_indexed(disk, alice, nina):
    def fail():
        disk.describe(by=alice, title="Volume is full")
        raise KeyError

    with pytest.raises(KeyError), transaction.atomic():
        fail()

    assert keys("volume", nina) == [] and len(keys("disk", nina)) == 1


def test_what_is_put_together_is_put_once(disk, alice, nina):
    with index.together():
        disk.describe(by=alice, title="Volume is full")
        disk.draft("Look at the bin.", author=alice, based_on=disk.head)
        assert keys("volume", nina) == []
        with CaptureQueriesContext(connection) as asked:
            disk.describe(by=alice, title="Volume is quite full")
        assert not [each for each in asked if "search_" in each["sql"]]

    assert keys("quite", nina) == [("runbook", disk.pk)]


def test_what_fails_inside_is_rolled_back_and_the_next_is_put_at_once(disk, alice, nina):
    def fail():
        disk.describe(by=alice, title="Volume is full")
        raise KeyError

    with pytest.raises(KeyError), index.together():
        fail()

    Runbook.objects.get(pk=disk.pk).describe(by=alice, title="Bin is full")
    assert keys("bin", nina) == [("runbook", disk.pk)]


def test_what_an_import_notes_waits_in_its_transaction_for_the_end_or_for_the_engine(
    disk, alice, nina
):
    with index.together(later=True):
        disk.describe(by=alice, title="Volume is full")
    assert Waiting.objects.count() == 1
    assert keys("volume", nina) == []

    assert jobs.catch_up(timezone.now())
    assert keys("volume", nina) == [("runbook", disk.pk)]
    assert not jobs.catch_up(timezone.now())


def test_an_import_leaves_nothing_waiting(tmp_path, nina):
    (tmp_path / "kafka.md").write_text("# Kafka stops\n\nRestart the broker.\n")
    for outcome in Import(tmp_path, at=timezone.now()).run():
        assert outcome.state == "created", outcome

    assert not Waiting.objects.exists()
    assert [kind for kind, _ in keys("broker", nina)] == ["runbook"]


def test_many_are_put_with_as_many_queries_as_few(alice):
    rows = [Service(slug=f"s{n}", name=f"Service {n}") for n in range(150)]
    Service.objects.bulk_create(rows)
    kind, made = registry.kind("service"), list(Service.objects.values_list("pk", flat=True))
    index.put_many(kind, made)  # the words are learnt

    counts = []
    for some in (made[:2], made):
        with CaptureQueriesContext(connection) as asked:
            index.put_many(kind, some)
        counts.append(len([each for each in asked if "SAVEPOINT" not in each["sql"]]))

    assert counts[1] <= counts[0] + 3  # of 999 parameters at a time


def test_what_is_gone_takes_nothing_of_another_kind_with_it(nina):
    service = Service.objects.create(slug="queue", name="Queue")

    assert index.put_many(registry.kind("runbook"), [service.pk]) == 0

    assert keys("queue", nina) == [("service", service.pk)]


def test_rebuilding_finds_everything_again_and_forgets_the_rest(disk, published, nina, alice):
    before = sorted(Entry.objects.values_list("kind", "key", "title", "names", "body"))
    Entry.objects.filter(kind="guide").delete()
    Entry.objects.filter(kind="runbook").update(body="x", permission="nobody.knows")
    Entry.objects.create(kind="runbook", key=10**9, permission="runbooks.view_runbook", title="?")
    Word.objects.create(word="nowhere")
    Word.objects.filter(word__in=("fillsup", "rotate")).delete()

    said = StringIO()
    call_command("rebuild_search", stdout=said)

    assert sorted(Entry.objects.values_list("kind", "key", "title", "names", "body")) == before
    assert (
        "Runbooks: 1 entries were written; 1 of rows that are gone were removed." in said.getvalue()
    )
    assert not Word.objects.filter(word="nowhere").exists()
    assert Word.objects.filter(word__in=("fillsup", "rotate")).count() == 2
    assert keys("rotate", nina) == [("runbook", disk.pk)]
    assert keys("around", nina) == [("guide", published.pk)]


def test_rebuilding_keeps_the_words_of_names(disk, nina, alice):
    disk.describe(by=alice, alerts=["VolumeOverflow"])

    call_command("rebuild_search", stdout=StringIO())

    assert find("volumeoverfow", user=nina).corrected == "volumeoverflow"


def test_a_dry_run_changes_nothing(disk, nina):
    Entry.objects.all().delete()

    said = StringIO()
    call_command("rebuild_search", "--dry-run", stdout=said)

    assert "Runbooks: 1 entries would be written" in said.getvalue()
    assert not Entry.objects.exists()


def test_a_kind_is_declared_once_with_a_plain_name():
    kind = registry.kind("guide")

    for name in ("guide", "Guide", "a-b", "é", ""):
        with pytest.raises(ValueError, match=r"registered already|small letters"):
            registry.register(type(kind)(**{**kind.__dict__, "name": name}))
    assert registry.kind_of(Guide()) is kind
