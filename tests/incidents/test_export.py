"""The record of an incident as a file."""

import json

import pytest

from incidents.files.pdf import page_of
from runbooks.models import Run
from tests.incidents.world import declare, make_service
from tests.runbooks.conftest import disk, publish  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(rita, disk):  # noqa: F811
    incident = declare(rita, services=[make_service()], description="# Not a heading")
    run = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    incident.join_run(run, by=rita)
    run.complete_step(1, by=rita, note="<script>Looked</script>")
    incident.resolve(by=rita, text="More *disk*")
    return incident


def fetch(client, incident, form: str):
    return client.get(f"/incidents/{incident.pk}/export.{form}")


def test_as_markdown_it_is_text_that_nothing_breaks(client_of, nina, incident):
    answer = fetch(client_of(nina), incident, "md")
    text = answer.content.decode()

    assert answer.headers["Content-Disposition"] == f'attachment; filename="INC-{incident.pk}.md"'
    assert text.startswith(f"# INC-{incident.pk}: Checkout fails\n\n- **Severity:** SEV2\n")
    assert "> # Not a heading" in text and "> More *disk*" in text
    assert r"\<script\>Looked\</script\>" in text
    assert text.index("declared") < text.index("finished (run") < text.index("Resolved: More")


def test_as_json_it_is_the_same_for_programs(client_of, nina, incident):
    said = json.loads(fetch(client_of(nina), incident, "json").content)

    assert (said["number"], said["severity"], said["outcome"]) == (
        incident.pk,
        "SEV2",
        "More *disk*",
    )
    kinds = [each["kind"] for each in said["timeline"]]
    assert {*kinds} == {"declared", "nobody_answered", "run", "state"}
    assert [each["step"] for each in said["timeline"] if each["step"]] == [1]


def test_the_page_that_is_printed_reaches_nothing(incident, rita):
    page = page_of(incident, rita)

    assert "default-src 'none'" in page and "<script>" not in page
    assert "&lt;script&gt;Looked" in page


def test_without_a_browser_it_says_what_to_do(client_of, nina, incident):
    answer = fetch(client_of(nina), incident, "pdf")

    assert answer.status_code == 409 and "Chromium" in answer.content.decode()


@pytest.mark.slow
def test_as_pdf_it_is_printed(client_of, nina, incident, chromium, settings, tmp_path):
    settings.CHROMIUM, settings.DATA_DIR = chromium, tmp_path
    answer = fetch(client_of(nina), incident, "pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("form", ["md", "json", "pdf"])
def test_a_restricted_one_is_not_found(client_of, nina, olga, incident, form):
    incident.restrict(by=olga)

    assert fetch(client_of(nina), incident, form).status_code == 404
