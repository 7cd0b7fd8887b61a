"""Hostile Markdown through every door: harmless, or refused with a reason; never a 500."""

from contextlib import suppress

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.core.markdown.budget import HTML_LIMIT, SECONDS, Budget
from runbooks.documents.findings import HEADING
from runbooks.documents.link_paths import LONGEST, documents_of
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db
TOO_LARGE = "x" * (10 * 1024 * 1024)
LARGE = "words " * 30_000
# of a third of the length that a text may have, for a third of the time
HOSTILE = {
    "references": "".join(f"[a{n}]: /x\n" for n in range(2000))[:21_000],
    "quotes": ">" * 20_000,
    "lists": "".join(f"{' ' * depth}- a\n" for depth in range(350)),
    "brackets": "[" * 20_000,
    "emphasis": "**a *b " * 3_000,
    "tables": "|a" * 7_000 + "\n" + "|-" * 7_000 + "\n" + "|b" * 7_000,
    "lengthened by references": "[a]: /" + "x" * 30_000 + "\n\n" + "[a] " * 2_700,
    "footnotes": "".join(f"[^{n}] \n\n[^{n}]: x\n\n" for n in range(1000)),
    "front matter": "---\na: &a [x]\n" + "b: [*a, *a]\n" * 1_000 + "---\n",
}
REFUSED = (400, 413)


def through_api(client, text):
    return client.post("/api/v1/runbooks/", {"title": "T", "text": text}, "application/json")


def through_web_start(client, text):
    return client.post("/runbooks/new/", started(text))


def through_web_save(client, text):
    return client.post("/runbooks/disk-fills-up/edit/", {"text": text, "based_on": 1})


def through_web_preview(client, text):
    return client.post("/runbooks/preview/", {"text": text})


def through_autosave(client, text):
    return client.post("/runbooks/autosave/", {"text": text})


def through_admin_preview(client, text):
    return client.post(reverse("markdownx_markdownify"), {"content": text})


def through_admin_start(client, text):
    return client.post(reverse("admin:runbooks_runbook_add"), {**started(text), "alert_names": ""})


def started(text):
    known = {"title": "T", "section": "runbooks", "kind": "reference", "review_days": 90}
    return {**known, "text": text}


DOORS = [
    through_api,
    through_web_start,
    through_web_save,
    through_web_preview,
    through_autosave,
    through_admin_preview,
    through_admin_start,
]
RENDERING = [door for door in DOORS if door is not through_autosave]


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(Budget.__init__, "__defaults__", (SECONDS / 3, HTML_LIMIT))


@pytest.fixture
def browser(client_of, alice, disk):
    return client_of(alice)


def saved() -> dict:
    return {runbook.slug: runbook.head for runbook in Runbook.objects.all()}


@pytest.mark.parametrize("door", DOORS)
def test_ten_megabytes_are_refused(browser, door):
    answer = door(browser, TOO_LARGE)

    assert answer.status_code in REFUSED
    assert saved() == {"disk-fills-up": 1}


@pytest.mark.parametrize("door", RENDERING)
def test_a_text_that_is_too_long_is_refused_with_the_limit(browser, door):
    answer = door(browser, LARGE)

    assert answer.status_code == (200 if door is through_admin_start else 413)
    assert b"128" in answer.content or b"131" in answer.content
    assert saved() == {"disk-fills-up": 1}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_harmless_or_refused(browser, text):
    assert through_api(browser, text).status_code in (201, *REFUSED)


@pytest.mark.parametrize("name", ["references", "quotes"])
@pytest.mark.parametrize("door", DOORS)
def test_no_door_breaks(browser, door, name):
    assert door(browser, HOSTILE[name]).status_code in (200, 201, 302, *REFUSED)


@pytest.mark.parametrize("name", ["<placeholder>", "<host>:<port>", "<script>alert(1)</script>"])
def test_what_looks_like_html_stays_visible(browser, name):
    slug = through_api(browser, f"Connect to {name} first.").json()["slug"]

    page = browser.get(f"/runbooks/{slug}/").content.decode()
    preview = through_web_preview(browser, f"Connect to {name} first.").content.decode()

    shown = name.replace("<", "&lt;").replace(">", "&gt;")
    assert f"Connect to {shown} first." in page
    assert shown in preview
    assert "<script>alert" not in page + preview


def test_a_file_that_cannot_be_taken_stops_no_other(browser, tmp_path, capsys):
    for name, text in {**HOSTILE, "too large": TOO_LARGE, "good": "# Good\n\nText.\n"}.items():
        (tmp_path / f"{name.replace(' ', '-')}.md").write_text(text)

    with suppress(SystemExit):
        call_command("import_docs", str(tmp_path))

    lines = capsys.readouterr().out
    assert Runbook.objects.filter(title="Good").exists()
    for name in [*HOSTILE, "too large"]:
        assert f"{name.replace(' ', '-')}.md" in lines


def test_sections_of_a_template_with_many_spaces_are_found_at_once():
    spaces = " " * 200_000  # a search from each of them to the last would take an hour

    assert HEADING.findall(f"## a{spaces}b ##  \n## {spaces}c") == [f"a{spaces}b", "c"]


def test_a_link_may_mean_few_files_however_long_it_is():
    page = "a/index.html"

    assert {"a.md", "a/index.html.md", "a/README.md"} <= set(documents_of("top.md", page))
    assert len(documents_of("top.md", page + "/index.html" * 40)) < 100
    assert documents_of("top.md", page + "/index.html" * 2_000) == []
    assert Runbook._meta.get_field("source_path").max_length == LONGEST


def test_a_link_through_two_thousand_folders_is_saved_as_it_is(browser):
    text = f"[a](a{'/index.html' * 2_000})"

    assert through_web_save(browser, text).status_code == 302
    assert browser.get("/runbooks/disk-fills-up/edit/?copy").status_code == 200
