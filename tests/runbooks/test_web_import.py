"""Runbooks from a file on the web: drafts of whoever sends them, and nothing hostile."""

import os
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from portal.accounts.models import Team
from portal.core.ops.slots import slot
from runbooks.files import views
from runbooks.files.block import join
from runbooks.models import Address, Image, Runbook, State
from tests.onboarding.conftest import png
from tests.packing import packed

pytestmark = pytest.mark.django_db
IMPORT = "/runbooks/import/"
DISK = "# Disk is full\n\n![The graph](graph.png)\n\n1. Look: `df -h`\n2. [Rotate](rotate.md).\n"
TIMES, AT = ("archived_at", "reviewed_at"), "2026-01-01T00:00:00Z"
FILES = {
    "docs/disk.md": DISK,
    "docs/graph.png": png().getvalue(),
    "docs/rotate.md": "# Rotate\n\nKeep a week.\n",
    "docs/notes.txt": "x",
}


def send(client, content: bytes | str, file="docs.zip", **more):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile(file, content), **more})


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_an_author_makes_drafts_of_a_zip(client_of, alice):
    answer = send(client_of(alice), packed(FILES))

    assert answer.status_code == 200
    disk = Runbook.objects.get(title="Disk is full")
    draft = disk.newest
    assert (disk.published, draft.state, draft.author) == (None, State.DRAFT, alice)
    assert len(draft.steps) == 2
    assert Image.objects.get().runbook == disk and Image.objects.get().uploaded_by == alice
    assert Image.objects.get().name in draft.html and "/runbooks/rotate/" in draft.html
    assert "4 files (3 created, 1 skipped)" in said(answer)
    assert draft.get_absolute_url() in said(answer)
    assert ".txt is not read: convert it to Markdown" in said(answer)


def test_one_file_leads_to_its_draft(client_of, alice):
    team = Team.objects.create(slug="dba", name="Database")

    answer = send(client_of(alice), "Restart it.\n", "RedisIsDown.md", owner="Database")

    runbook = Runbook.objects.get()
    assert answer.url == runbook.newest.get_absolute_url()
    assert (runbook.owner, runbook.source_path) == (team, "runbooks/uploads/RedisIsDown.md")


def test_what_is_sent_again_is_a_draft_on_what_readers_see(client_of, alice, publish):
    send(client_of(alice), packed(FILES))
    runbook = Runbook.objects.get(slug="rotate")
    publish(runbook.newest)
    changed = packed({**FILES, "docs/rotate.md": "# Rotate\n\nKeep a month.\n"})

    again = said(send(client_of(alice), packed(FILES), "docs (1).zip"))
    assert "4 files (1 skipped, 3 unchanged)" in again
    answer = send(client_of(alice), changed, "other.zip")

    runbook.refresh_from_db()
    assert answer.url == runbook.version_url(2)
    assert (runbook.published_number, runbook.newest.state) == (1, State.DRAFT)
    assert "month" not in runbook.published.text and "month" in runbook.newest.text


@pytest.mark.parametrize("is_approved", [False, True])
def test_what_somebody_else_has_open_is_left_alone(is_approved, client_of, alice, paul, disk):
    version = disk.draft("# Open\n", author=alice if is_approved else paul, based_on=disk.head)
    if is_approved:
        version.submit(by=alice)
        version.approve(by=paul)
    content = join("# From a file\n", {"path": disk.source_path})

    answer = send(client_of(alice), content, "disk.md")

    disk.refresh_from_db()
    assert disk.newest.number == version.number and disk.newest.is_open
    assert f"v{version.number} of “{disk}” by" in said(answer)


def test_ones_own_draft_is_superseded_and_an_older_text_is_not_taken(client_of, alice, disk):
    disk.draft("# Mine\n", author=alice, based_on=disk.head)
    path = {"path": disk.source_path}
    client = client_of(alice)

    answer = client.get(send(client, join("# From a file\n", path), "disk.md").url)
    assert f"v{disk.head} was draft and is superseded by it" in said(answer)
    assert "it is an older text" in said(send(client, join("# Mine\n", path), "disk.md"))


def test_a_block_moves_nothing_and_claims_no_history(client_of, alice, disk):
    before, place = disk.published.html, disk.source_path
    block = {"slug": disk.slug, "addresses": ["free"], "created_at": AT}
    block["history"] = [{"at": AT, "by": "Paul Okafor", "note": "Approved"}]

    send(client_of(alice), packed({"evil/t.md": join(disk.published.text, block)}))

    disk.refresh_from_db()
    made = Runbook.objects.exclude(pk=disk.pk).get()
    assert (disk.published.html, disk.source_path) == (before, place)
    assert (made.slug != disk.slug, made.earlier_history) == (True, [])
    assert str(made.created_at.date()) != AT[:10] and Runbook.objects.at("free") is None


def test_nothing_that_readers_see_is_changed_by_it(client_of, alice, publish):
    send(client_of(alice), packed(FILES))
    for runbook in Runbook.objects.all():
        publish(runbook.newest)
    before = {row.pk: row.published.html for row in Runbook.objects.all()}
    files = {
        "docs/graph.png": png("red").getvalue(),
        "docs/new.md": join(
            "# New\n",
            {
                "slug": "new-one",
                "owner": "nobody",
                "services": ["none"],
                **dict.fromkeys(TIMES, AT),
            },
        ),
    }

    text = said(send(client_of(alice), packed(files)))

    new = Runbook.objects.get(slug="new-one")
    assert (new.archived_at, new.reviewed_at, new.owner) == (None, None, None)
    assert before == {row.pk: row.published.html for row in Runbook.objects.exclude(pk=new.pk)}
    assert "a text shows another picture of this name" in text
    assert "there is no team nobody" in text and "it was archived where it comes from" in text
    assert not Team.objects.filter(slug="nobody").exists()


def test_an_export_comes_back_as_drafts_under_its_addresses(client_of, alice, disk, tmp_path):
    call_command("export_docs", tmp_path, quiet=True)
    files = {
        os.path.relpath(path, tmp_path.parent): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    disk.alerts.all().delete()
    Runbook.objects.filter(pk=disk.pk).update(published=None, slug="old", source_path="old.md")

    answer = send(client_of(alice), packed(files), "export.zip")

    runbook = Runbook.objects.get(slug="disk-fills-up")
    assert answer.url == runbook.version_url(1)
    assert runbook.source_path.startswith("runbooks/") and runbook.before_import == []


def test_one_bad_file_stops_no_other(client_of, alice):
    content = packed({"a.md": b"\xff", "b.md": "# Good\n", "c.md": "x" * 200_000})

    answer = send(client_of(alice), content)

    assert answer.status_code == 400
    assert Runbook.objects.get().title == "Good"
    assert "not UTF-8" in said(answer) and "larger than 128 kB" in said(answer)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.zip", "is empty"),
        (b"x", "a.tar", "Send one file: .zip, .md, .markdown."),
        (b"x", "a.zip", "cannot be read"),
        (packed({"../a.md": "x"}), "a.zip", "is no name of a file"),
        (packed({}), "a.zip", "There is nothing in it to read"),
    ],
)
def test_what_cannot_be_read_says_why(client_of, alice, content, name, words):
    answer = send(client_of(alice), content, name)

    assert answer.status_code == 400 and words in said(answer)
    assert "Nothing was imported" in said(answer)
    assert not Runbook.objects.exists()


@pytest.mark.parametrize("limit", ["MOST_DOCUMENTS", "MOST_PICTURES", "MOST_TEXT"])
def test_more_than_is_done_while_somebody_waits_is_refused(limit, client_of, alice, monkeypatch):
    monkeypatch.setattr(views, limit, 1)

    answer = send(
        client_of(alice), packed({f"{n}.{end}": "xx" for n in "ab" for end in ("md", "png")})
    )

    assert answer.status_code == 400 and not Runbook.objects.exists()
    assert "It has 2 documents of 0 kB and 2 pictures." in said(answer)


def test_nothing_typed_is_lost(client_of, alice):
    answer = send(client_of(alice), b"x", "a.zip", name="Handbook", owner="No such")

    assert answer.status_code == 400
    for kept in ('value="Handbook"', 'value="No such"'):
        assert kept in said(answer)


def test_one_import_at_a_time(client_of, alice, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with slot("imports"):
        answer = send(client_of(alice), "# x\n", "x.md")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Somebody else is importing" in said(answer)
    assert not Runbook.objects.exists()


def test_a_full_disk_is_507(client_of, alice, settings):
    full = {"BACKEND": "tests.house.full_disk.FullStorage"}
    settings.STORAGES = settings.STORAGES | {"default": full}
    client = client_of(alice, raise_request_exception=False)

    answer = send(client, packed(FILES))

    assert answer.status_code == 507
    assert not Runbook.objects.exists() and not Image.objects.exists()


def test_who_may_not_write_sends_nothing(client, client_of, alice, nina, roles):
    assert send(client_of(nina), b"x").status_code == 403
    assert "sign-in" in send(client, b"x").url
    strict = client_of(alice, enforce_csrf_checks=True)
    assert send(strict, b"x").status_code == 403
    assert IMPORT in client_of(alice).get("/runbooks/").content.decode()
    assert IMPORT not in client_of(nina).get("/runbooks/").content.decode()

    roles["author"].permissions.filter(codename="add_image").delete()
    browser = client_of(type(alice).objects.get(pk=alice.pk))
    assert browser.get(IMPORT).status_code == 403
    assert IMPORT not in browser.get("/runbooks/").content.decode()


def test_a_runbook_at_its_address_gets_another_one(disk):
    Runbook.objects.filter(pk=disk.pk).update(slug="import")
    Address.objects.create(slug="import-2", runbook=disk)

    import_module("runbooks.migrations.0020_import_page").make_way(apps, None)

    disk.refresh_from_db()
    assert disk.slug == "import-3"


def test_its_address_belongs_to_no_runbook():
    assert reverse("runbooks:import") == IMPORT
    assert Runbook.objects.free_slug("Import") == "import-2"
