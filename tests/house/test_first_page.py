"""The first page and the rail are loops over what apps offer: the house names none of them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Assignment, Guide
from portal.accounts.people.prepared import Waiting
from portal.core.web.attention import Priority
from portal.core.web.navigation import Group, rail
from portal.core.web.offers import offered
from runbooks.attention import CARDS as RUNBOOK_CARDS
from runbooks.models import Gap, Run, Version
from tests.onboarding.growing import grow_guides
from tests.onboarding.world import make_guide

ROOT = Path(__file__).resolve().parents[2]
HOUSE = (
    *("portal/home.py", "portal/core/web/offers.py", "portal/core/web/attention.py"),
    *("portal/core/web/navigation.py", "portal/core/templatetags/house.py"),
    *("templates/home.html", "templates/_nav.html", "templates/_nav_lines.html"),
    *("templates/_nav_group.html", "templates/base.html", "templates/_card.html"),
    "templates/_rows.html",
)
OURS = [app for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT / "portal")]
OURS += [app for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
NAMES = {app.label for app in OURS} - {"core", "accounts", "search"}  # everybody signs in, searches
NOTHING = 8  # queries of a page on which nothing waits: the session, the person, one for each app


@pytest.mark.parametrize("name", HOUSE)
def test_the_house_names_no_app(name):
    words = set(re.findall(r"[a-z]+", (ROOT / name).read_text()))

    assert {"runbooks", "onboarding", "architecture", "notifications"} <= NAMES
    assert words & NAMES == set()


def test_the_apps_are_asked_in_their_order():
    names = [module.__name__ for module in offered("navigation")]

    assert names == [
        "portal.accounts.navigation",
        "portal.notifications.navigation",
        "portal.architecture.navigation",
        "runbooks.navigation",
        "portal.monitoring.navigation",
        "onboarding.navigation",
        "incidents.navigation",
    ]
    assert offered("nothing_of_this_name") == ()


def test_guides_use_nothing_of_runbooks():
    allowed = {"onboarding/guides/spelling.py"}  # until the search has one index for both
    files = [*(ROOT / "onboarding").rglob("*.py"), *(ROOT / "templates/onboarding").rglob("*.html")]
    used = re.compile(r"^(from|import) runbooks|include \"runbooks/|load runbook", re.MULTILINE)
    found = {str(path.relative_to(ROOT)) for path in files if used.search(path.read_text())}

    assert found <= allowed


@pytest.mark.django_db
def test_each_line_of_the_rail_leads_to_a_page_that_marks_it(olga, client_of):
    client = client_of(olga)
    for entry in rail(olga):
        page = client.get(entry.address).content.decode()
        marked = re.findall(r'<a href="([^"]+)" aria-current="page">', page.partition("<main")[0])
        assert marked == [entry.address], entry


@pytest.mark.django_db
def test_the_rail_is_in_the_order_of_its_groups_and_hides_what_one_may_not_see(olga, nina):
    lines, groups = rail(olga), list(Group)

    assert [entry.label for entry in lines] == [
        *("Incidents", "On-call", "Alerts", "Status"),
        *(
            "Runbooks",
            "Runs",
            "Deployments",
            "Alerts without a runbook",
            "Guides",
            "Questions",
            "Guide analytics",
        ),
        *("Services", "Heartbeats", "Notifications"),
    ]
    assert sorted(lines, key=lambda entry: groups.index(entry.group)) == lines
    assert {"Alerts without a runbook", "Guide analytics"} & {
        entry.label for entry in rail(nina)
    } == set()


@pytest.mark.django_db
def test_every_page_of_an_app_marks_one_line(olga, client_of):
    for view, label in (
        ("architecture:zones", "Services"),
        ("runbooks:new", "Runbooks"),
        ("runbooks:deployment-calendar", "Deployments"),
        ("onboarding:assignments", "Guide analytics"),
        ("onboarding:me", "Guides"),
        ("monitoring:intakes", "Alerts"),
        ("oncall:new-rotation", "On-call"),
        ("monitoring:ping-keys", "Heartbeats"),
        ("incidents:audiences", "Incidents"),
    ):
        rail_of_page = client_of(olga).get(reverse(view)).content.decode().partition("<main")[0]
        current = re.findall(r'aria-current="page">.*?</svg>([\w -]+)', rail_of_page, re.DOTALL)
        assert [line.strip() for line in current] == [label]


@pytest.fixture
def busy(disk, alice, paul, olga):
    """Everything that can wait for alice and olga does."""
    guide = make_guide(alice, slug="busy")
    for person in (alice, olga):
        Assignment.objects.assign(guide, by=paul, user=person)
    Gap.objects.note("Nobody", at=timezone.now())
    disk.draft("Next", author=alice, based_on=disk.head)
    return disk


def asked(client) -> int:
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    return len(queries)


@pytest.mark.django_db
def test_a_page_on_which_nothing_waits_asks_once_for_each_app(nina, client_of):
    type(nina).objects.filter(pk=nina.pk).update(email="nina@example.org")
    client = client_of(nina)

    assert asked(client) == NOTHING
    page = client.get("/").content.decode()
    assert "Nothing needs you" in page and "No review waits for you" in page
    assert f'<a class="btn btn-primary" href="{reverse("runbooks:list")}"' in page


@pytest.mark.django_db
def test_more_rows_cost_no_query_more(busy, alice, client_of):
    client = client_of(alice)
    more_rows(busy, alice, 2)
    few = asked(client)
    more_rows(busy, alice, 200)

    assert asked(client) == few
    assert few <= NOTHING + len(RUNBOOK_CARDS) + 5


def more_rows(runbook, person, count: int) -> None:
    now, version = timezone.now(), Version.objects.first()
    first = Gap.objects.count()
    names = range(first, first + count)
    Gap.objects.bulk_create(Gap(name=f"G{n}", first_at=now, last_at=now) for n in names)
    Run.objects.bulk_create(
        Run(runbook=runbook, version=version, holder=person, started_at=now) for _ in names
    )
    grow_guides(Guide.objects.order_by("pk").first(), person, count)


@pytest.mark.django_db
def test_the_most_urgent_stands_first(busy, alice, client_of):
    Run.objects.create(
        runbook=busy, version=Version.objects.first(), holder=alice, started_at=timezone.now()
    )

    headings = re.findall(r"<h2>([^<]+)</h2>", client_of(alice).get("/").content.decode())
    cards = [app.cards(alice, timezone.now()) for app in offered("attention")]
    order = {card.title: card.priority for each in cards for card in each}
    assert [name for name in headings if name in order] == sorted(
        order, key=lambda name: (order[name], list(order).index(name))
    )
    assert order["Your active runs"] == Priority.NOW


@pytest.mark.django_db
def test_a_question_is_put_together_once_for_all_who_may_the_same(alice, paul, nina, rita):
    built = []

    def questions(user, *, since):
        built.append(user.pk)
        return {"mine": Version.objects.filter(author=user, created_at__gte=since)}

    waiting = Waiting(["mine"], questions)
    yesterday = timezone.now() - timedelta(days=1)
    for person in (alice, paul, nina, alice):
        assert waiting(person, since=yesterday) == set()
    assert len(built) == 3  # three roles
    assert not {alice.pk, paul.pk, nina.pk} & set(built)


@pytest.mark.django_db
def test_it_finds_what_is_there_and_heeds_days_and_times(disk, alice, paul):
    waiting = Waiting(
        ["new", "due"],
        lambda user, *, since, today: {
            "new": Version.objects.filter(author=user, created_at__gte=since),
            "due": user.versions.filter(runbook__review_due__lt=today),
        },
    )
    now = timezone.now()
    day = timezone.localdate(now)
    soon, later = now - timedelta(days=1), now + timedelta(days=1)
    assert waiting(alice, since=soon, today=day) == {"new"}
    assert waiting(alice, since=later, today=day) == set()
    assert waiting(alice, since=later, today=day + timedelta(days=400)) == {"due"}
    assert waiting(paul, since=soon, today=day + timedelta(days=400)) == set()
