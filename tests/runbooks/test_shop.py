"""The runbooks of the demo's shop are such that a team would trust them."""

import subprocess
from collections import Counter

import pytest
from django.http import QueryDict
from django.utils import timezone

from portal.architecture.catalog.findings import findings as catalog_findings
from portal.architecture.catalog.graph import Graph
from portal.core.markdown import render
from portal.core.markdown.substitution import fill_command
from portal.core.markdown.values import checked
from portal.core.ops.demo import World, load
from portal.monitoring.models import Alert
from portal.monitoring.ratings.report import Report
from portal.monitoring.ratings.suggestions import Suggestion
from runbooks.demo import GAPS, LIBRARY
from runbooks.demo.past_runs import PAST
from runbooks.demo.stories import DRAFTS
from runbooks.documents.findings import findings
from runbooks.models import Gap, Kind, Link, Runbook, RunState, State, Version

PAGES = sorted([*LIBRARY.rglob("*.md"), *DRAFTS.glob("*.md")])
EXAMPLES = {
    "before": "3",
    "customer": "C4410927",
    "day": "2026-11-30",
    "index": "products-20261130",
    "label": "20261031-010004F_20261101-010003D",
    "name": "shop.example.org",
    "node": "shop-node-07",
    "order": "20419956",
    "pattern": "^/p/48213$",
    "previous": "v2.6.0",
    "release": "v2.7.0",
    "revision": "41",
    "standby": "orders-db-2",
    "ticket": "PRIV-318",
    "until": "2026-11-30 09:14:00+00",
}


def value_of(parameter: dict) -> str | None:
    """One that fits; None for a secret."""
    if parameter["secret"]:
        return None
    choices = parameter["choices"]
    return choices[-1] if choices else parameter["default"] or EXAMPLES[parameter["name"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_take_the_values_and_are_shell(page):
    rendered = render(page.read_text())
    values = {each["name"]: value_of(each) for each in rendered.parameters}
    given = {name: value for name, value in values.items() if value is not None}
    scripts = []
    for command in (command for step in rendered.steps for command in step["commands"]):
        text, places = fill_command(command["text"], command["language"], values)
        assert {place.state for place in places} <= {"filled", "secret"}, command["text"]
        scripts += [text] if command["language"] == "bash" else []

    assert rendered.steps and not rendered.problems
    assert checked(rendered.parameters, given)[1] == {}
    for script in scripts:
        done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
        assert done.stderr == "", script


def test_who_follows_a_troubleshooting_page_begins_with_its_diagnosis():
    heading = "## Diagnostic commands\n"
    pages = [page.read_text() for page in LIBRARY.rglob("*.md")]
    texts = [text for text in pages if heading in text]

    assert len(texts) >= 11
    for text in texts:
        diagnosis = text.partition(heading)[2].partition("\n## ")[0]
        assert titles(diagnosis) and titles(text)[:1] == titles(diagnosis)[:1], text


def titles(text: str) -> list[str]:
    return [step["title"] for step in render(text).steps]


@pytest.mark.anywhere
@pytest.mark.django_db
def test_the_whole_of_it_is_what_a_team_would_have(client):
    """Loading it takes two seconds, so it is loaded once."""
    world = load(World(timezone.now(), "correct horse battery", library=None))

    assert world.refused == []
    assert_it_has_all_kinds_with_owners()
    assert_a_reviewer_would_object_to_nothing()
    assert_every_alert_has_one_runbook_or_is_a_gap()
    assert_most_of_what_can_be_followed_was_followed()
    assert_its_services_have_owners_and_one_secret_is_late(world.people["olga"])
    assert_who_signs_in_finds_something_to_do(client, world.people)
    assert_the_report_of_noise_shows_every_suggestion(world.people["olga"])


def assert_the_report_of_noise_shows_every_suggestion(person):
    lines = Report(person, QueryDict(), timezone.now()).lines

    assert {line.advice.suggestion for line in lines} >= set(Suggestion.values) - {Suggestion.KEEP}


def assert_it_has_all_kinds_with_owners():
    published = Runbook.objects.published()

    assert published.count() == 33
    assert {*Counter(published.values_list("kind", flat=True))} == set(Kind.values)
    assert not Runbook.objects.unowned().exists()
    assert not Runbook.objects.filter(services=None).exists()


def assert_most_of_what_can_be_followed_was_followed():
    followed = Runbook.objects.published().filter(runs__state=RunState.SUCCEEDED).distinct()

    assert followed.count() >= 14
    assert {past.slug for past in PAST} <= {*followed.values_list("slug", flat=True)}


def assert_a_reviewer_would_object_to_nothing():
    versions = Version.objects.exclude(state=State.SUPERSEDED).select_related("runbook")
    for version in versions:
        found = findings(version.runbook, render(version.text), version.runbook.kind)
        assert found == [], version.runbook

    assert len(versions) == 37  # one more of the queue, and three new ones
    assert not Link.objects.filter(broken=True).exists()


def assert_every_alert_has_one_runbook_or_is_a_gap():
    named = [name for page in PAGES for name in alerts_of(page)]

    assert len(named) == len(set(named)) >= 20
    assert all(Runbook.objects.answering(name) for name in named)
    gaps = {*Gap.objects.open().values_list("name", flat=True)}
    came = {*Alert.objects.filter(runbook=None).values_list("name", flat=True)}
    assert gaps == {*GAPS, *came}
    assert len(gaps) == 11  # three of them wanted for long


def alerts_of(page) -> list[str]:
    return render(page.read_text()).front_matter.get("alerts") or []


def assert_its_services_have_owners_and_one_secret_is_late(operator):
    graph = Graph.load()
    found = catalog_findings(graph, on=timezone.localdate(), user=operator)

    assert len(graph.services) == 13
    assert [finding.code for finding in found] == ["rotation"]


def assert_who_signs_in_finds_something_to_do(client, people):
    for name, title in {
        "rita": "Deploy checkout",
        "alice": "Throttle an abusive client",
        "paul": "Drain the message queue",
        "olga": "The nightly reports are late",
    }.items():
        client.force_login(people[name], backend="portal.accounts.backends.RoleBackend")
        assert title in client.get("/").content.decode(), name
