"""Lists tell what runs teach: never run, failed last time, last run long ago."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.core.cache import caches
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Team, User
from portal.architecture.models import Service
from runbooks.models import Lesson, Run, Runbook, runbook_queries

pytestmark = pytest.mark.django_db
API = "/api/v1/runbooks/"
STEPS = "- [ ] Look\n"
OF = {
    "never": {"Untried"},
    "failed": {"Broken", "Taken back"},
    "long_ago": {"Old", "Broken"},
}
FOLLOWED = {  # days ago, and how it ended
    "Untried": (),
    "Well": ((400, "succeeded"), (364, "succeeded")),
    "Old": ((500, "failed"), (400, "succeeded")),
    "Broken": ((401, "succeeded"), (400, "failed")),
    "Taken back": ((2, "rolled_back"),),
    "Mended": ((3, "failed"), (2, "succeeded")),
}
WORDS = {
    "Untried": "Never run",
    "Broken": "Failed last time",
    "Taken back": "Failed last time",
    "Old": "Last run 400 days ago",
    "Well": "Succeeded",
    "Mended": "Succeeded",
}


def test_each_reader_sees_the_days_of_their_own_zone(client_of, nina, rita, alice):
    """The list is remembered, and times stand in it."""
    at = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    runbook = Runbook.objects.start("Rotate keys", by=alice, text=STEPS)
    runbook.adopt(STEPS + "\n")
    Run.objects.start(runbook, by=rita, at=at)
    shown = {}
    for zone in ("Pacific/Auckland", "America/Los_Angeles", "Pacific/Auckland"):
        User.objects.filter(pk=nina.pk).update(time_zone=zone)
        shown[zone] = client_of(nina).get("/runbooks/").content.decode()

    assert "15 Mar 2026" in shown["Pacific/Auckland"]
    assert "14 Mar 2026" in shown["America/Los_Angeles"]


@pytest.fixture
def library(once, alice, rita):
    """A runbook of each lesson, of none, and two that nobody is meant to follow."""
    once(("library of lessons",), partial(make_library, alice, rita))
    caches["process"].clear()


def make_library(alice, rita) -> None:
    team = Team.objects.create(slug="web", name="Web")
    team.members.add(alice)
    shop = Service.objects.create(slug="shop", name="Shop")
    about = {"by": alice, "text": STEPS, "owner": team, "services": [shop]}

    for title, runs in FOLLOWED.items():
        runbook = Runbook.objects.start(title, kind="maintenance", **about)
        runbook.adopt(STEPS + "\n")
        for days, outcome in runs:
            follow(runbook, rita, outcome, timezone.now() - timedelta(days=days))
    Runbook.objects.start("To be read", kind="reference", **about).adopt(STEPS + "\n")
    Runbook.objects.start("Draft", by=alice, text=STEPS, kind="maintenance")


def follow(runbook, rita, outcome, at) -> None:
    run = Run.objects.start(runbook, by=rita, at=at)
    run.skip_step(1, by=rita, reason="drill", at=at)
    run.finish(by=rita, outcome=outcome, at=at)


@pytest.mark.parametrize("lesson", Lesson.values)
def test_the_list_is_narrowed_by_it(library, nina, client_of, lesson):
    page = client_of(nina).get("/runbooks/", {"last_run": lesson}).content.decode()

    found = {part.split(">", 1)[1].split("<")[0] for part in page.split('class="title"')[1:]}
    assert found == OF[lesson]
    label = Lesson(lesson).label
    assert f'<span>{label}</span><span class="count">{len(OF[lesson])}</span>' in page
    assert f"Remove filter {label}" in page


def test_two_choices_mean_either(library, alice, client_of):
    page = client_of(alice).get("/runbooks/?last_run=never&last_run=failed&last_run=x")

    assert "3 of 8 shown" in page.content.decode()


def test_each_row_says_it_in_a_column_and_on_a_phone(library, alice, client_of):
    page = client_of(alice).get("/runbooks/").content.decode()
    rows = {row.split('">')[1].split("<")[0]: row for row in page.split("<tr> <td>")[1:]}

    assert rows.keys() == {*WORDS, "To be read", "Draft"}
    for title, word in WORDS.items():
        assert word in rows[title].rpartition("<td")[2], title
        on_phone = rows[title].partition("phone-only")[2].partition("</td>")[0]
        assert (word in on_phone) == (word != "Succeeded"), title
    for title in ("To be read", "Draft"):
        assert rows[title].rpartition("<td")[2].startswith(' class="hide-s"> </td>'), title


def test_what_is_archived_teaches_nothing_more(library, alice, paul, client_of):
    Runbook.objects.get(title="Broken").archive(by=paul)

    page = client_of(alice).get("/runbooks/?state=archived").content.decode()

    assert "Failed last time" not in page.partition("<tbody>")[2]
    assert "Failed" in page.partition("<tbody>")[2]


@pytest.mark.parametrize("lesson", Lesson.values)
def test_the_api_is_narrowed_by_it(library, nina, api, lesson):
    results = api(nina).get(f"{API}?last_run={lesson}").json()["results"]

    assert {row["title"] for row in results} == OF[lesson]


def test_the_api_tells_the_last_run_in_lists(library, nina, api):
    rows = {row["title"]: row for row in api(nina).get(API).json()["results"]}
    few = api(nina).get(f"{API}?last_run=never&last_run=failed&fields=title,last_run_state").json()

    assert rows["Broken"]["last_run_state"] == "failed"
    assert rows["Broken"]["last_run_at"] < rows["Mended"]["last_run_at"]
    assert rows["Untried"]["last_run_at"] is rows["Untried"]["last_run_state"] is None
    assert {row["title"]: row["last_run_state"] for row in few["results"]} == {
        "Untried": None,
        "Broken": "failed",
        "Taken back": "rolled_back",
    }


def test_one_runbook_is_tagged_without_its_runs_and_so_shown(library, nina, api):
    assert "last_run_at" not in api(nina).get(f"{API}well/").json()
    assert api(nina).get(f"{API}well/?fields=last_run_at").status_code == 400


def test_the_api_refuses_other_words(nina, api):
    answer = api(nina).get(f"{API}?last_run=yesterday")

    assert answer.status_code == 400
    assert "never, failed, long_ago" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(("lesson", "found"), [*OF.items(), ("x", {*WORDS, "To be read", "Draft"})])
def test_so_is_the_admins_list(library, olga, client_of, lesson, found):
    page = client_of(olga).get(reverse("admin:runbooks_runbook_changelist"), {"last_run": lesson})

    assert {row.title for row in page.context["cl"].result_list} == found
    for title in found & WORDS.keys():
        assert WORDS[title] in page.content.decode()


def test_a_service_tells_it_of_its_runbooks(library, nina, client_of):
    page = client_of(nina).get("/services/shop/").content.decode()

    for word in ("Never run", "Failed last time", "Last run 400 days ago"):
        assert word in page.partition('id="runs"')[0]


@pytest.mark.parametrize("few", [0, 100])
def test_a_service_has_the_same_first_runbooks_however_many_it_has(library, nina, few, monkeypatch):
    monkeypatch.setattr(runbook_queries, "MANY_OF_SERVICE", few)
    shop, other = Service.objects.get(), Service.objects.create(slug="other", name="Other")
    Runbook.objects.get(title="Mended").services.set([other])

    found = Runbook.objects.current().visible(nina).first_of(shop, 4)

    assert [row.title for row in found] == ["Broken", "Old", "Taken back", "To be read"]


def test_home_tells_it_of_what_goes_stale(library, alice, client_of):
    Runbook.objects.get(title="Untried").ask_review("It was never tried")

    page = client_of(alice).get("/").content.decode()

    assert "Never run" in page.partition("Your runbooks due for review")[2]


@pytest.mark.parametrize("lesson", Lesson.values)
def test_the_last_run_is_found_in_an_index(library, lesson):
    found = Runbook.objects.taught(lesson, on=timezone.localdate()).with_last_run()

    if connection.vendor == "sqlite":
        assert "run_of_runbook" in found.explain()
