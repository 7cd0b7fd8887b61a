"""`rebuild_runbooks`: what was derived by an earlier release is derived anew."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.search.models import Entry
from runbooks.models import Run, Runbook, Version

pytestmark = pytest.mark.django_db
TEXT = (
    "<!-- secret words -->\nLook, see [it](it.md).\n\n1. Stop it.\n\n```sh\nid\n```\n\n2. Next.\n"
)
OLD = {
    "html": "<p>old</p>",
    "plain": "old words",
    "lede": "old",
    "steps": [
        {"number": 1, "title": "Stop it.", "check": False, "second_person": False, "commands": []},
        {"number": 2, "title": "Next.", "check": False, "second_person": False, "commands": []},
    ],
}


@pytest.fixture
def old(alice, publish):
    """A published version as an earlier release stored it."""
    version = publish(Runbook.objects.start("Stop", by=alice, text=TEXT).newest)
    new = Version.objects.values().get(pk=version.pk)
    Version.objects.filter(pk=version.pk).update(**OLD)
    version.new = new
    return version


def rebuild(*options) -> str:
    said = StringIO()
    call_command("rebuild_runbooks", *options, stdout=said)
    return said.getvalue()


def derived(version) -> dict:
    return Version.objects.values().get(pk=version.pk)


def test_a_published_text_gets_what_a_save_would_derive(old):
    assert rebuild() == "1 texts were read; 1 were changed.\n"

    assert derived(old) == old.new
    runbook = Runbook.objects.get()
    assert (runbook.summary, runbook.links.count()) == ("Look, see it.", 1)
    assert Entry.objects.get(kind="runbook").body == old.new["plain"]


def test_its_etag_changes_with_its_page(old):
    before = Runbook.objects.get().etag

    rebuild()

    assert Runbook.objects.get().etag != before


def test_repeated_it_changes_nothing(old):
    rebuild()
    before = Runbook.objects.get().etag

    assert rebuild() == "1 texts were read; 0 were changed.\n"
    assert Runbook.objects.get().etag == before


def test_a_draft_gets_it_and_a_superseded_version_stays(old, alice):
    draft = old.runbook.draft(TEXT + "\n3. Last.\n", author=alice, based_on=1)
    other = old.runbook.draft(TEXT + "\n3. End.\n", author=alice, based_on=2)
    Version.objects.filter(pk__in=(draft.pk, other.pk)).update(html="old")

    assert rebuild() == "2 texts were read; 2 were changed.\n"
    assert derived(draft)["html"] == "old"
    assert "End." in derived(other)["html"]


def test_a_version_that_was_run_gets_it_where_its_steps_are_the_same(old, rita):
    Run.objects.start(old.runbook, by=rita)

    rebuild()

    assert derived(old)["steps"][0]["commands"] == [{"language": "sh", "text": "id"}]


def test_a_version_that_was_run_keeps_steps_that_would_become_others(old, rita, client_of):
    older = [*OLD["steps"], {**OLD["steps"][0], "number": 3, "title": "Of a comment", "text": ""}]
    older = [{"text": "", "html": "", "title_html": "", **step} for step in older]
    Version.objects.filter(pk=old.pk).update(steps=older)
    run = Run.objects.start(Runbook.objects.get(), by=rita)

    rebuild()

    assert derived(old)["steps"] == older
    assert derived(old)["html"] == old.new["html"]
    assert client_of(rita).get(f"{run.get_absolute_url()}?step=3").status_code == 200


def test_a_dry_run_counts_and_changes_nothing(old):
    assert rebuild("--dry-run") == "1 texts were read; 1 would be changed.\n"

    assert derived(old)["html"] == "<p>old</p>"
    assert Entry.objects.get(kind="runbook").body == old.new["plain"]


LOOKS = "---\nparameters:\n  - name: host\n    pattern: (?!web).*\n---\n1. Stop {{ host }}.\n"
HOST = {"name": "host", "pattern": "(?!web).*", "type": "string", "default": "", "choices": []}
HOST |= {"description": "", "required": True, "secret": False}


def test_a_pattern_that_is_not_read_any_more_is_named_and_stays_asked_for(alice, publish):
    version = publish(Runbook.objects.start("Stop", by=alice, text=TEXT).newest)
    Version.objects.filter(pk=version.pk).update(text=LOOKS, parameters=[HOST], problems=[])
    told = StringIO()

    for _ in range(2):
        call_command("rebuild_runbooks", stdout=StringIO(), stderr=told)

    said = told.getvalue().splitlines()
    assert said == [said[0]] * 2
    assert said[0].startswith("stop v1: The pattern of host looks ahead or behind")
    assert derived(version)["parameters"] == [HOST]
    assert [each["code"] for each in derived(version)["problems"]] == ["bad-parameter"]
