"""Where people meet their guides: first page, first sign-in, search, their own record."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from onboarding.models import Assignment, Progress, Question, StuckReport
from onboarding.navigation import open_guides

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def tour(published, alice):
    published.describe(by=alice, is_tour=True)
    return published


def sign_in(client, name="nina", address="/account/sign-in/", **more):
    return client.post(address, {"login": name, "password": PASSWORD, **more}, follow=True)


def last(answer) -> str:
    return answer.redirect_chain[-1][0]


def test_the_first_page_shows_what_i_have_to_follow(published, nina, alice, client_of):
    day = timezone.localdate() - timedelta(days=1)
    before = timezone.now() - timedelta(days=9)
    Assignment.objects.assign(published, by=alice, user=nina, due_on=day, at=before)

    page = client_of(nina).get("/").content.decode()

    assert "Your guides" in page and "Late by 1 day" in page and "not started" in page
    assert "Nothing needs you" not in page


def test_the_number_in_the_rail_is_ones_own(published, alice, nina, rita):
    Assignment.objects.assign(published, by=alice, user=nina)

    for person, number in ((nina, 1), (rita, 0), (nina, 1)):
        assert open_guides(person, fresh=False) == number


def test_the_tour_is_offered_until_it_is_begun_and_then_stands_among_ones_guides(
    tour, nina, client_of
):
    client = client_of(nina)
    assert 'id="tour"' in client.get("/").content.decode()
    progress = Progress.objects.start(tour, by=nina)
    page = client.get("/").content.decode()
    assert 'id="tour"' not in page and "Your guides" in page
    for key in progress.version.keys:
        progress.done(key)

    page = client.get("/").content.decode()
    assert 'id="tour"' not in page and "Your guides" not in page


def test_an_offer_is_no_task(tour, nina, client_of):
    type(nina).objects.filter(pk=nina.pk).update(email="nina@example.org")
    page = client_of(nina).get("/").content.decode()

    assert 'id="tour"' in page and "Nothing needs you" in page


def test_who_is_asked_to_follow_the_tour_sees_it_once(tour, alice, nina, client_of):
    Assignment.objects.assign(tour, by=alice, user=nina)

    page = client_of(nina).get("/").content.decode()
    assert 'id="tour"' not in page and page.count(">First day</a>") == 1


def test_the_tour_is_put_aside_by_one_and_offered_to_others(tour, nina, rita, client_of):
    client = client_of(nina)
    for _ in range(2):
        assert client.post("/guides/first-day/put-aside/").url == "/"

    page = client.get("/").content.decode()
    assert 'id="tour"' not in page
    assert "First day" in client.get("/guides/").content.decode()
    assert "You postponed “First day”" in client.get("/guides/me/").content.decode()
    assert 'id="tour"' in client_of(rita).get("/").content.decode()


def test_an_answer_stands_on_the_first_page_until_it_was_read(
    published, begun, nina, rita, alice, client_of
):
    first, second = begun.version.keys
    for key in (first, second):
        report = StuckReport.objects.report(begun, key, by=nina, text="No box.")
        report.settle(by=alice, answer=f"Look at {key}")
    client = client_of(nina)
    assert "Answers for you" in (page := client.get("/").content.decode())
    assert f"Look at {first}" in page and "Nothing needs you" not in page
    assert "Answers for you" not in client_of(rita).get("/").content.decode()

    read = f"/guides/stuck/{report.pk}/read/"
    assert client_of(rita).post(read).status_code == 404
    assert client.post(read).url == f"/guides/first-day/steps/{second}/#stuck"
    page = client.get("/").content.decode()
    assert f"Look at {first}" in page and f"Look at {second}" not in page
    client.post(f"/guides/first-day/steps/{first}/seen/", {"seconds": 1})  # by the open page
    assert "Answers for you" not in client.get("/").content.decode()


def test_closed_without_words_and_archived_ones_are_no_answers(begun, nina, alice, client_of):
    first, second = begun.version.keys
    StuckReport.objects.report(begun, first, by=nina, text="a").settle(by=alice, close=True)
    StuckReport.objects.report(begun, second, by=nina, text="b").settle(by=alice, answer="c")
    begun.guide.archive(by=alice)

    assert "Answers for you" not in client_of(nina).get("/").content.decode()


def test_owners_learn_which_answers_did_not_help_and_which_pictures_are_wrong(
    published, nina, alice, paul, client_of
):
    question = Question(slug="q", topic="x", question="Why so?", owner=published.owner)
    question.write(answer="x")
    assert "Guides to improve" not in client_of(alice).get("/").content.decode()

    question.judge(by=nina, helped=False, reason="Which button?")
    published.steps.exclude(screenshot=None).update(flag="gone")
    page = client_of(alice).get("/").content.decode()
    assert "An answer was rated not helpful" in page and "Why so?" in page
    assert "A guide has pictures to fix" in page
    for person in (paul, nina):
        assert "Guides to improve" not in client_of(person).get("/").content.decode()
    for place in ("question/?state=mine", "guide/?attention=my_pictures"):
        found = client_of(alice).get(f"/admin/onboarding/{place}")
        assert found.status_code == 200 and b"Nobody" not in found.content
    page = client_of(alice).get(f"/admin/onboarding/question/{question.pk}/change/")
    assert "Which button?" in page.content.decode() and "Nina" not in page.content.decode()

    question.write(by=alice, answer="The green one.")
    published.steps.update(flag="")
    assert "Guides to improve" not in client_of(alice).get("/").content.decode()


def test_the_first_sign_in_leads_to_ones_own_guides_and_no_later_one(
    published, nina, alice, client
):
    Assignment.objects.assign(published, by=alice, user=nina)

    assert last(sign_in(client)) == "/guides/"
    assert client.get("/").status_code == 200
    client.post("/account/sign-out/")
    assert last(sign_in(client)) == "/"


def test_a_tour_that_was_not_begun_leads_there_too(tour, nina, client):
    assert last(sign_in(client, address="/account/sign-in/?next=/")) == "/guides/"


def test_it_steals_no_address_that_was_asked_for(tour, nina, client):
    assert last(sign_in(client, next="/account/profile/")) == "/account/profile/"
    assert client.get("/").status_code == 200  # nor does it wait for later


def test_where_nothing_waits_it_is_the_first_page(published, nina, client):
    assert last(sign_in(client)) == "/"


def test_the_search_finds_guides_and_questions(published, nina, client_of):
    Question(slug="day", topic="Start", question="What is a day?").write(answer="Long.")

    page = client_of(nina).get("/search/?q=day").content.decode()

    assert '<a class="title" href="/guides/first-day/">First day</a>' in page
    assert "/guides/questions/?question=day#day" in page
    nothing = client_of(nina).get("/search/?q=other").content.decode()
    assert "/guides/first-day/" not in nothing and "question=day" not in nothing


def test_people_see_all_that_is_recorded_about_them_and_nothing_of_others(
    begun, nina, rita, alice, client_of
):
    key = begun.version.keys[0]
    begun.view(key, seconds=70)
    begun.done(key)
    Progress.objects.update(completed_at=begun.started_at, acknowledged_at=begun.started_at)
    report = StuckReport.objects.report(begun, key, by=nina, text="No such button")
    report.settle(by=alice, answer="It is green")
    LogEntry.objects.get_for_object(report).update(remote_addr="192.0.2.7")
    row = Assignment.objects.assign(begun.guide, by=alice, user=nina)
    row.withdraw(by=alice)
    question = Question.objects.create(slug="q", topic="x", question="Why so?", answer="x")
    question.judge(by=nina, helped=True)

    page = client_of(nina).get("/guides/me/").content.decode()
    steps = ("Look around: ", "ticked", "visible for 1 min 10 s", "confirmed")
    reports = ("No such button", "It is green", "Answered: First day, Look around")
    others = (
        "by name, by Alice",
        "withdrawn",
        "Why so?",
        "Stuck report: start, ",
        "from 192.0.2.7",
    )
    assert [words for words in (*steps, *reports, *others) if words not in page] == []
    assert "An operator can have it forgotten" in page
    assert "/guides/me/" in client_of(nina).get("/account/profile/").content.decode()

    keeper = client_of(alice).get("/guides/me/").content.decode()
    for what in ("answered or closed", "Assignments that you made", "Versions that you published"):
        assert what in keeper
    for words in ("No such button", "Why so?"):
        assert words not in client_of(rita).get("/guides/me/").content.decode()
        assert f">{words}" not in keeper


def test_how_long_it_is_kept_is_said(nina, client_of, settings):
    settings.ANONYMISE_PROGRESS_DAYS = 400

    assert "400 days after" in client_of(nina).get("/guides/me/").content.decode()
