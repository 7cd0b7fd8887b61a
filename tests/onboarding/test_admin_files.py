"""Guides from files and as files in the admin: the same as the commands, and nothing hostile."""

import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from onboarding.files.archive import zipped
from onboarding.models import Guide, Question, Screenshot, Step, Video
from portal.core.markdown.files import ENDINGS
from tests.packing import packed

from .conftest import png
from .writing import guide_page

pytestmark = pytest.mark.django_db
IMPORT = "/admin/onboarding/guide/import/"
GUIDE = "# Sign in\n\n## Open it\n\n![The page](page.png)\n\n## Type your name\n"


def send(client, content: bytes, name="guides.zip", **more):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content), **more})


def body(response) -> bytes:
    return b"".join(response)


def test_an_author_makes_a_guide_of_a_zip(client_of, alice):
    content = packed({"sign-in/guide.md": GUIDE, "sign-in/page.png": png().getvalue()})

    answer = send(client_of(alice), content)

    assert answer.status_code == 302, answer.content
    guide = Guide.objects.get(slug="sign-in")
    assert answer.url == guide_page(guide)
    assert guide.published is None
    assert guide.steps.first().screenshot.uploaded_by == alice


def test_a_recording_and_a_text_are_taken_too(client_of, alice):
    steps = [{"type": "navigate", "url": "https://example.org/"}]
    recording = json.dumps({"title": "Find it", "steps": steps}).encode()

    assert send(client_of(alice), recording, "Find it!.json").status_code == 302
    assert send(client_of(alice), b"1. Open it.\n2. Close it.\n", "../../Two.md").status_code == 302
    assert sorted(Guide.objects.values_list("slug", flat=True)) == ["find-it", "two"]


def test_what_was_refused_is_said_line_by_line(client_of, alice):
    content = packed({"a/guide.md": "## x\n", "b/guide.md": GUIDE, "questions/q.md": "## Where?\n"})

    answer = send(client_of(alice), content)

    assert answer.status_code == 400
    text = answer.content.decode()
    assert "b/guide.md:3" in text and "There is no file page.png" in text
    assert Guide.objects.get().slug == "a"


def test_what_changed_here_too_is_kept_unless_the_file_is_right(client_of, alice, first_day):
    content = packed({"first-day/guide.md": "## Only this\n"})

    answer = send(client_of(alice), content)
    assert answer.status_code == 400 and b"changed in the portal" in answer.content
    assert first_day.steps.count() == 2

    assert send(client_of(alice), content, force="on").status_code == 302
    assert first_day.steps.count() == 1


def test_what_is_downloaded_is_read_again(client_of, alice, first_day):
    first = body(client_of(alice).get(guide_page(first_day, "zip")))
    assert body(client_of(alice).get(guide_page(first_day, "zip"))) == first
    keys = list(first_day.steps.values_list("key", flat=True))
    for model in (Step, Video, Screenshot, Guide):
        model.objects.all().delete()

    assert send(client_of(alice), first).status_code == 302

    guide = Guide.objects.get()
    assert list(guide.steps.values_list("key", flat=True)) == keys
    with zipped(guide) as again:
        names = zipfile.ZipFile(again).namelist()
    assert names == ["first-day/guide.md", "first-day/look-around.png"]


def test_a_recording_is_given_where_pages_are_known(client_of, alice, first_day):
    address = guide_page(first_day, "recording")
    assert "No step says" in client_of(alice).get(address, follow=True).content.decode()

    first_day.steps.first().edit(by=alice, page={"address": "/runbooks/"})
    answer = client_of(alice).get(address)
    assert json.loads(answer.content)["title"] == "First day"
    assert answer["Content-Disposition"] == 'attachment; filename="first-day.json"'


def test_a_picture_whose_file_is_gone_is_said(client_of, alice, first_day):
    default_storage.delete(Screenshot.objects.get().path)
    answer = client_of(alice).get(guide_page(first_day, "zip"), follow=True)
    assert "is gone" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"no archive", "cannot be read"),
        (packed({"../guide.md": GUIDE}), "is no name"),
        (packed({"readme.txt": "x"}), "There is no guide"),
    ],
)
def test_a_hostile_archive_is_refused_whole(client_of, alice, content, words):
    answer = send(client_of(alice), content)

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Guide.objects.exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_guide_of_markdown_is_taken(client_of, alice, ending):
    send(client_of(alice), b"## Open it\n", f"sign-in{ending}")

    assert Guide.objects.get().slug == "sign-in"


def test_an_unknown_form_is_refused(client_of, alice):
    assert b"Send one file" in send(client_of(alice), b"x", "guides.tar").content


def test_who_may_not_write_sends_nothing(client, client_of, alice, nina, roles):
    assert client_of(nina).get(IMPORT, follow=True).status_code == 403
    assert "admin/login" in send(client_of(nina), b"x").url
    assert "sign-in" in send(client, b"x").url
    strict = client_of(alice, enforce_csrf_checks=True)
    assert send(strict, b"x").status_code == 403

    roles["author"].permissions.filter(codename="add_question").delete()
    browser = client_of(type(alice).objects.get(pk=alice.pk))
    assert browser.get(IMPORT).status_code == 403
    assert IMPORT not in browser.get("/admin/onboarding/guide/").content.decode()


def test_named_guides_are_exported_without_the_rest(first_day, alice, tmp_path):
    Guide.objects.start("Other", by=alice)
    Question(slug="where").write(topic="A", question="Where?", answer="There.")

    call_command("export_guides", tmp_path, guide=["first-day"], quiet=True)

    assert [path.name for path in tmp_path.iterdir()] == ["first-day"]
    with pytest.raises(CommandError, match="no guide nothing"):
        call_command("export_guides", tmp_path, guide=["nothing"])
