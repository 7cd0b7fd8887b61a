"""The pages for those who keep guides: figures, stuck reports, assignments."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from onboarding.models import Assignment, Guide, Progress, Step, StuckReport
from portal.accounts.models import Team
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
BEFORE = timezone.now() - timedelta(days=9)
LATE = timezone.localdate() - timedelta(days=3)
HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def page(client_of):
    """GET, or POST with data: (status, text)."""

    def page(person, place, data=None):
        client, address = client_of(person), f"/guides/{place}"
        answer = client.get(address) if data is None else client.post(address, data)
        body = b"".join(answer) if answer.streaming else answer.content
        return answer.status_code, body.decode()

    return page


@pytest.fixture
def report(published, begun, nina):
    return StuckReport.objects.report(begun, begun.version.keys[1], by=nina, text="No box.")


@pytest.fixture
def asked(published, alice, nina):
    return Assignment.objects.assign(published, by=alice, user=nina, due_on=LATE, at=BEFORE)


READERS = ("nina", "rita")
KEEPERS = ("alice", "paul", "olga")
PLACES = ("figures/", "figures.csv", "first-day/figures/", "first-day/figures.csv")
PLACES += ("stuck/", "assignments/", "assignments/new/")


@pytest.mark.parametrize("place", PLACES)
def test_keepers_see_them_and_readers_do_not(published, report, people, page, place):
    for person in people.values():
        status, _ = page(person, place)
        assert status == (403 if person.username in READERS else 200), person


@pytest.mark.parametrize("name", KEEPERS)
def test_names_are_for_those_who_may_see_progress(report, asked, people, page, name, request):
    person, may = request.getfixturevalue(name), name != "alice"

    assert ("Person by person" in page(person, "first-day/figures/")[1]) == may
    assert ("Person by person" in page(person, f"assignments/{asked.pk}/")[1]) == may
    assert page(person, "first-day/people.csv")[0] == (200 if may else 403)


def test_authors_do_not_see_how_far_one_named_person_is(asked, begun, alice, paul, page, api):
    for person, may in ((alice, False), (paul, True)):
        for place in ("assignments/", f"assignments/{asked.pk}/"):
            assert ("in progress" in page(person, place)[1]) == may, place
        for place in ("assignments/", f"assignments/{asked.pk}/"):
            found = api(person).get(f"/api/v1/{place}").json()
            row = found["results"][0] if "results" in found else found
            assert (row["people"], row["begun"]) == (1, 1 if may else None)
    Assignment.objects.assign(begun.guide, by=alice, team=begun.guide.owner)
    assert "0 of 1 done" in page(alice, "assignments/")[1]


def test_who_confirmed_is_said_on_the_page_and_in_the_table(published, alice, nina, paul, page):
    published.describe(by=alice, asks_acknowledgement=True)
    published.publish(by=alice)
    progress = Progress.objects.start(published, by=nina)
    for key in progress.version.keys:
        progress.done(key)
    people = "first-day/people.csv"

    assert "Not confirmed" in page(paul, "first-day/figures/")[1]
    row = next(csv.DictReader(io.StringIO(page(paul, people)[1])))
    assert (row["state"], row["confirmed"]) == ("Not confirmed", "") and row["completed"]
    progress.acknowledge()
    assert "confirmed " in page(paul, "first-day/figures/")[1]
    row = next(csv.DictReader(io.StringIO(page(paul, people)[1])))
    assert row["state"] == "Completed" and row["confirmed"]


def test_the_overview_says_how_it_goes_and_who_waits(report, asked, begun, alice, page):
    _, text = page(alice, "figures/")

    assert "0 of 1 who started a guide completed it" in text
    assert 'href="/guides/first-day/figures/"' in text
    assert "somebody is on the way: 0 % so far" in text
    assert "The numbers, week by week" in text


def test_a_portal_without_guides_says_what_to_do(alice, page):
    assert "Nothing to count yet" in page(alice, "figures/")[1]
    assert "Nobody is stuck" in page(alice, "stuck/")[1]
    assert "No assignments yet" in page(alice, "assignments/")[1]


def test_a_guide_shows_the_version_that_is_asked_for(published, begun, alice, paul, rita, page):
    others = [Progress.objects.start(published, by=person) for person in (paul, rita)]
    for each in (begun, *others):  # three people, so that it says what is usual
        each.view(each.version.keys[0], seconds=90)
    published.publish(by=alice)

    assert "Nobody has started this version yet" in page(alice, "first-day/figures/")[1]
    _, text = page(alice, "first-day/figures/?version=1")
    assert "0 of 3 who started this version" in text
    assert "1 min 30 s" in text


@pytest.mark.parametrize("odd", ["version=x", "version=99999999999999999999", "from=-1", "from=x"])
def test_odd_parameters_are_the_same_as_none(published, begun, paul, page, odd):
    assert page(paul, f"first-day/figures/?{odd}")[0] == 200
    assert page(paul, f"assignments/?{odd}")[0] == 200


def test_an_unpublished_guide_has_no_figures_yet(first_day, alice, page):
    assert "Not published yet" in page(alice, "first-day/figures/")[1]
    assert page(alice, "first-day/figures.csv")[0] == 200


def test_no_cell_of_a_table_is_a_formula(alice, paul, page):
    evil = make_person("=cmd", "reader")
    evil.name = "@SUM(1)"
    evil.save()
    guide = Guide.objects.start("=HYPERLINK(1)", slug="evil", by=alice)
    Step.objects.add(guide, by=alice, title="+1")
    guide.publish(by=alice)
    Progress.objects.start(Guide.objects.get(), by=evil)

    for place in ("figures.csv", "evil/figures.csv", "evil/people.csv"):
        rows = list(csv.reader(io.StringIO(page(paul, place)[1])))
        assert len(rows) == 2
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if cell[:1] in ("=", "+", "@")] == []
        assert [cell for cell in cells if cell[:2] in ("'=", "'+", "'@")]


def test_what_people_typed_never_becomes_html(published, begun, nina, alice, page):
    report = StuckReport.objects.report(
        begun, begun.version.keys[0], by=nina, text=HOSTILE, page=HOSTILE
    )
    report.settle(by=alice, answer=HOSTILE)
    for place in ("stuck/", f"stuck/{report.pk}/", "first-day/figures/", "figures/"):
        assert "<img src=x" not in page(alice, place)[1]


def test_those_who_wait_come_first_and_lists_are_narrowed(report, begun, nina, alice, paul, page):
    other = StuckReport.objects.report(begun, begun.version.keys[0], by=nina, text="Other.")
    report.settle(by=alice, answer="At the top.")

    _, text = page(alice, "stuck/")
    assert text.index("Other.") < text.index("No box.")
    assert "No box." not in page(alice, "stuck/?state=open")[1]
    assert "Other." in page(alice, "stuck/?guide=first-day&mine=1")[1]
    assert "Nothing matches" in page(paul, "stuck/?mine=1")[1]
    assert "Nothing matches" in page(paul, "stuck/?guide=%00nowhere")[1]
    assert str(other.pk) in page(paul, "stuck/?state=lost")[1]


def test_a_report_has_its_context_and_belongs_to_two(report, nina, rita, alice, page):
    place = f"stuck/{report.pk}/"

    _, text = page(alice, place)
    assert "No box." in text and "2. Search" in text and "Type a word." in text and "v1" in text
    assert page(nina, place)[0] == 200
    assert "Your answer" not in page(nina, place)[1]
    assert page(rita, place)[0] == 404
    assert page(alice, "stuck/999999/")[0] == 404


def test_a_report_says_when_it_was_answered_and_leads_to_what_is_to_be_mended(report, alice, page):
    step = report.guide.steps.get(key=report.key)
    asked, answered = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (1, 2))
    StuckReport.objects.update(created_at=asked, page="/guides/first-day/")
    place = f"stuck/{report.pk}/"
    head = page(alice, place)[1].split("</h1>")[1].split("</p>")[0]
    assert "since" in head and "1 Mar 2026" in head
    report.settle(by=alice, answer="At the top.", at=answered)

    text = page(alice, place)[1]
    head = text.split("</h1>")[1].split("</p>")[0]
    assert head.index("Answered") < head.index("2 Mar 2026") < head.index("1 Mar 2026")
    assert "since" not in head
    assert f'href="/admin/onboarding/step/{step.pk}/change/">Edit the step' in text
    assert '<a href="/guides/first-day/">' in text
    step.delete()
    assert f'href="/admin/onboarding/guide/{report.guide_id}/change/"' in page(alice, place)[1]


@pytest.mark.parametrize(
    ("place", "is_own"),
    [
        ("/runbooks/", True),
        ("http://localhost:8000/runbooks/", True),
        ("https://elsewhere.example.org/", False),
        ("//elsewhere.example.org/", False),
        ("javascript:alert(1)", False),
        ("the second page", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_portal_become_links(place, is_own, settings):
    settings.ADDRESS = "http://localhost:8000"
    assert StuckReport(page=place).page_url == (place if is_own else "")


def test_it_is_answered_once(report, alice, paul, nina, rita, page):
    place = f"stuck/{report.pk}/settle/"

    assert page(nina, place, {"answer": "x"})[0] == 403
    status, text = page(alice, place, {"answer": "  "})
    assert status == 400 and "Write an answer" in text
    status, text = page(alice, place, {"answer": "x" * 5001})
    assert status == 400 and "x" * 5001 in text
    assert page(alice, place, {"answer": "At the top."})[0] == 302
    assert page(paul, place, {"close": ""})[0] == 409
    assert "At the top." in page(nina, f"stuck/{report.pk}/")[1]


def test_it_may_be_closed_without_words(report, alice, page):
    assert page(alice, f"stuck/{report.pk}/settle/", {"answer": "", "close": ""})[0] == 302
    assert "Closed without words" in page(alice, f"stuck/{report.pk}/")[1]


NEW = {"guide": "first-day", "whom": "user", "user": "nina", "due_on": "2030-01-02"}


def test_a_guide_is_assigned_to_a_person_a_team_and_everybody_new(published, alice, nina, page):
    Team.objects.create(slug="night", name="Night")
    for data in (
        NEW,
        NEW | {"whom": "team", "team": "night"},
        {"guide": "first-day", "whom": "new", "due_days": "14"},
    ):
        assert page(alice, "assignments/new/", data)[0] == 302

    _, text = page(alice, "assignments/")
    for part in ("Nina Reader", "Night", "everybody new", "by 2 Jan 2030", "14 days after"):
        assert part in text
    assert Assignment.objects.filter(user=None).count() == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"user": ""}, "Say for whom"),
        ({"user": "nena reader"}, "Did you mean Nina Reader?"),
        ({"whom": "team"}, "Say for whom"),
        ({"whom": "team", "team": "day"}, "No team called “day” can be chosen here"),
        ({"whom": "x"}, "valid choice"),
        ({"guide": "nowhere"}, "valid choice"),
        ({"guide": "old"}, "valid choice"),
        ({"due_on": "soon"}, "valid date"),
        ({"due_days": "3"}, "either a day or"),
        ({"due_on": "2020-01-02"}, "This day is past"),
        ({"due_on": "", "due_days": "0"}, "greater than or equal"),
        ({"user": "a\x00b"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    published, alice, nina, page, change, said
):
    old = Guide.objects.start("Old", by=alice)
    Step.objects.add(old, by=alice, title="x")
    old.publish(by=alice)
    old.archive(by=alice)
    status, text = page(alice, "assignments/new/", NEW | change)

    assert status == 400 and said in text
    if "due_on" not in change:
        assert 'value="2030-01-02"' in text
    assert Assignment.objects.count() == 0


def test_an_assignment_shows_its_people_and_is_withdrawn(asked, begun, paul, nina, page):
    _, text = page(paul, f"assignments/{asked.pk}/")
    assert "1 late" in text and "Nina Reader" in text

    assert page(nina, f"assignments/{asked.pk}/withdraw/", {})[0] == 403
    assert page(paul, f"assignments/{asked.pk}/withdraw/", {})[0] == 302
    assert page(paul, f"assignments/{asked.pk}/withdraw/", {})[0] == 302
    assert "Withdrawn on" in page(paul, f"assignments/{asked.pk}/")[1]
    assert "No assignments yet" in page(paul, "assignments/")[1]


def test_a_keeper_finds_who_is_stuck_on_the_first_page(report, alice, paul, nina, client_of):
    assert "People are stuck" in client_of(alice).get("/").content.decode()
    for person in (paul, nina):
        assert "People are stuck" not in client_of(person).get("/").content.decode()


def test_a_team_lead_finds_how_guides_work(begun, alice, paul, client_of):
    assert "who started a guide completed it" in client_of(paul).get("/").content.decode()
    assert "who started a guide completed it" not in client_of(alice).get("/").content.decode()
