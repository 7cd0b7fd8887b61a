"""The starter library says only what is true of this portal."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Token
from portal.architecture.catalog.graph import Graph
from portal.architecture.diagrams.blocks import has_blocks, problems_of
from portal.architecture.files.tree import import_tree
from portal.core.markdown import render
from portal.core.ops.reference import reference
from runbooks.documents.findings import findings
from runbooks.files.importer import Import
from runbooks.models import Image, Kind, Runbook, Template

pytestmark = pytest.mark.anywhere  # the demo of house/test_demo.py imports the same files
OIDC = "allauth.socialaccount.providers.openid_connect.urls"
DOCS = settings.BASE_DIR / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
MANAGE = re.compile(r"\./run manage (\w+)")
SISTER = re.compile(r"\./run (\w+)")
GUIDES = sorted(DOCS.glob("user-guide/guides/*/guide.md"))
FENCED = re.compile(r"```(?:page|callouts)\n.*?```", re.DOTALL)  # a picture may show anything
CURL = re.compile(r'^curl -H "Authorization: Bearer \$TOKEN".* "\$PORTAL(/[^"]*)"$', re.MULTILINE)


def import_all() -> list[Image]:
    """The rows that have files."""
    import_tree(DOCS / "architecture" / "catalog")
    work = Import(DOCS, at=timezone.now())
    outcomes = [outcome for outcome in work.run() if outcome.path.endswith(".md")]
    assert {(outcome.state, outcome.why) for outcome in outcomes} == {("created", "")}
    assert not work.broken
    return [*Image.objects.all()]


@pytest.fixture
def library(once):
    once(("library",), import_all)


@pytest.mark.django_db
def test_it_is_taken_without_a_remark():
    import_all()

    assert Runbook.objects.published().count() == Runbook.objects.count() > 20


def test_a_reviewer_would_object_to_nothing(library):
    for runbook in Runbook.objects.select_related("published"):
        found = findings(runbook, render(runbook.published.text), runbook.kind)
        assert {finding.code for finding in found} <= {"no-owner"}, (runbook, found)


def test_the_page_of_settings_is_what_the_settings_say():
    """After a change: `./run manage settings_reference`."""
    page = (DOCS / "architecture" / "settings.md").read_text()

    assert page == reference(settings.BASE_DIR / "portal" / "settings.py")


def test_a_setting_that_is_not_described_is_noticed(tmp_path):
    source = (settings.BASE_DIR / "portal" / "settings.py").read_text()
    changed = tmp_path / "settings.py"
    changed.write_text(source + '\nNEW = env.str("NEW", "")\n')

    with pytest.raises(ValueError, match="NEW"):
        reference(changed)


def test_its_diagrams_are_drawn_from_its_catalog(library):
    graph = Graph.load()
    drawn = {
        runbook.slug: problems_of(runbook.published.html, graph)
        for runbook in Runbook.objects.select_related("published")
        if has_blocks(runbook.published.html)
    }
    assert len(drawn) >= 5
    assert set(map(tuple, drawn.values())) == {()}


def test_every_setting_is_explained():
    page = (DOCS / "architecture" / "settings.md").read_text()
    explained = set(re.findall(r"^\| `(PORTAL_\w+)`", page, re.MULTILINE))

    assert explained == set(settings.KNOWN_NAMES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_and_settings_exist(page):
    text = page.read_text()
    script = (settings.BASE_DIR / "run").read_text()

    assert set(MANAGE.findall(text)) <= set(get_commands())
    assert all(f"./run {sister} " in script for sister in SISTER.findall(text))
    assert set(re.findall(r"PORTAL_\w+", text)) <= set(settings.KNOWN_NAMES)


def test_the_examples_of_the_api_answer(library, client, alice):
    _, plain = Token.objects.issue(alice, "test", ["read"], days=1)
    addresses = CURL.findall((DOCS / "api" / "quick-start.md").read_text())

    assert len(addresses) >= 6
    for address in addresses:
        answer = client.get(address, headers={"Authorization": f"Bearer {plain}"})
        assert answer.status_code == 200, address


def test_the_guides_lead_to_runbooks_of_the_library(library):
    prose = [FENCED.sub("", page.read_text()) for page in GUIDES]
    named = [slug for text in prose for slug in re.findall(r"/runbooks/([a-z0-9-]+)/", text)]

    assert len(named) >= 3
    assert set(named) <= set(Runbook.objects.values_list("slug", flat=True))


def test_the_address_for_single_sign_on_is_right():
    text = (DOCS / "runbooks" / "sign-in-failures.md").read_text()

    # Its addresses exist only where it is configured.
    below = reverse("openid_connect_callback", args=["oidc"], urlconf=OIDC)
    assert f"https://NAME/account/oidc{below}" in text


@pytest.mark.django_db
def test_each_kind_has_a_template_without_a_flaw():
    texts = dict(Template.objects.values_list("kind", "text"))

    assert set(texts) == set(Kind.values)
    for text in texts.values():
        assert not render(text).problems


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "sections"),
    [
        ("deployment", ["Pre-deployment checklist", "Commands", "Verification", "Rollback"]),
        ("troubleshooting", ["Symptom", "Diagnostic commands", "Log locations", "Resolution"]),
    ],
)
def test_a_template_asks_for_what_its_kind_needs(kind, sections):
    text = Template.objects.get(kind=kind).text

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == sections
