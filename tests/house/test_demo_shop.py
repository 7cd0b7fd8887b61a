"""The demo without the library: a shop whose runbooks and services a team would trust."""

import re
from collections import Counter

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from incidents.escalation.engine import take_due
from incidents.models import Incident, Rotation
from incidents.opening.alerts import Opening
from onboarding.models import Screenshot, Video
from portal.accounts.models import Team, User
from portal.architecture.catalog.findings import findings as catalog_findings
from portal.architecture.catalog.graph import Graph
from portal.architecture.models import Service, Zone
from portal.core.markdown import render
from portal.core.ops.demo import World, load
from portal.monitoring.models import Alert, Intake
from portal.monitoring.ratings.report import Report
from portal.monitoring.ratings.suggestions import Suggestion
from portal.notifications.attention import cards
from portal.notifications.models import Channel, ContactMethod, Delivery, QuietHours
from runbooks.demo import GAPS, LIBRARY
from runbooks.demo.past_runs import PAST
from runbooks.demo.stories import DRAFTS
from runbooks.documents.findings import findings
from runbooks.models import Gap, Image, Kind, Link, Run, Runbook, RunState, State, Version

pytestmark = pytest.mark.django_db
PAGES = sorted([*LIBRARY.rglob("*.md"), *DRAFTS.glob("*.md")])
GUIDES = sorted(settings.BASE_DIR.glob("docs/user-guide/guides/*/guide.md"))
FENCED = re.compile(r"```(?:page|callouts)\n.*?```", re.DOTALL)  # a picture may show anything


def load_shop() -> list:
    """The rows that have files."""
    world = load(World(timezone.now(), "correct horse battery", library=None))
    assert world.refused == []
    return [*Image.objects.all(), *Screenshot.objects.all(), *Video.objects.all()]


@pytest.fixture
def shop(once):
    """Loaded by the first of these tests, as it takes seconds, and copied for the others."""
    once(("shop of the demo",), load_shop)


def test_a_critical_alert_opens_an_incident_and_calls_who_is_on_call(client, shop):
    open_before = {*Incident.objects.open().values_list("pk", flat=True)}
    _, key = Intake.objects.make("New Alertmanager", "alertmanager")
    labels = {"alertname": "CardsDeclined", "severity": "critical", "service": "checkout"}
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    alert = {"status": "firing", "labels": labels, "annotations": {}, "startsAt": now}
    body = {"version": "4", "status": "firing", "alerts": [alert]}
    address = f"/in/alertmanager/{key}/"
    assert client.post(address, body, content_type="application/json").status_code == 200

    assert Opening()(timezone.now())
    while take_due(timezone.now()):
        pass

    incident = (
        Incident.objects.open()
        .exclude(pk__in=open_before)
        .get(incident_alerts__name="CardsDeclined")
    )
    called = incident.calls.get()
    on_call = Rotation.objects.filter(slug="payments").on_call(timezone.now())
    assert [[called.person]] == [*on_call.values()]
    assert Delivery.objects.filter(key=called.message_key, recipient=called.person).exists()


@pytest.mark.anywhere
def test_the_whole_of_it_is_what_a_team_would_have(client, shop):
    people = {person.username: person for person in User.objects.all()}

    assert_it_has_all_kinds_with_owners()
    assert_a_reviewer_would_object_to_nothing()
    assert_every_alert_has_one_runbook_or_is_a_gap()
    assert_most_of_what_can_be_followed_was_followed()
    assert_its_services_have_owners_and_one_secret_is_late(people["olga"])
    assert_who_signs_in_finds_something_to_do(client, people)
    assert_the_report_of_noise_shows_every_suggestion(people["olga"])


def test_it_contacts_nobody(shop):
    """Its engine has no mail server; what goes by other means has ended, or is not sent."""
    due = Delivery.objects.exclude(transport="mail").filter(state__in=("waiting", "sending"))
    assert not due.exists()
    assert {*Channel.objects.active().values_list("kind", flat=True)} == {"mail"}
    assert {*ContactMethod.objects.verified().values_list("kind", flat=True)} == {"mail"}
    addresses = [*Channel.objects.values_list("address", flat=True)]
    addresses += ContactMethod.objects.values_list("address", flat=True)
    assert len(addresses) == 14 and all("example.org" in each for each in addresses)
    states = Delivery.objects.filter(key__startswith="demo-").values_list("state", flat=True)
    assert sorted(states) == ["failed", "sent"]
    assert QuietHours.objects.count() == 2
    titles = [card.title for card in cards(User.objects.get(username="olga"), timezone.now())]
    assert titles == []


def test_a_second_time_it_leaves_what_visitors_changed(shop):
    models = (User, Team, Service, Zone, Runbook, Run, Gap)
    before = [model.objects.count() for model in models]
    Team.objects.filter(slug="data").update(name="Changed")

    load_shop()
    assert [model.objects.count() for model in models] == before
    assert Team.objects.get(slug="data").name == "Changed"
    assert all(before)


@pytest.mark.anywhere
def test_the_guides_name_no_runbook_that_only_the_demo_has(shop):
    texts = "".join(FENCED.sub("", page.read_text()) for page in GUIDES)

    assert [
        title for title in Runbook.objects.values_list("title", flat=True) if title in texts
    ] == []


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
