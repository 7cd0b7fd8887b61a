"""Where people meet their guides: first page, first sign-in, search, their own record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.models import Assignment, Progress, Question, StuckReport

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
    Assignment.objects.assign(published, by=alice, user=nina, due_on=day)

    page = client_of(nina).get("/").content.decode()

    assert "Your guides" in page and "Late by 1 day" in page and "not begun" in page
    assert "Nothing needs you" not in page


def test_the_tour_is_offered_until_it_is_done(tour, nina, client_of):
    client = client_of(nina)
    assert 'id="tour"' in client.get("/").content.decode()
    progress = Progress.objects.start(tour, by=nina)
    assert 'id="tour"' in client.get("/").content.decode()
    for key in progress.version.keys:
        progress.done(key)

    assert 'id="tour"' not in client.get("/").content.decode()


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

    assert "Guides and questions" in page
    assert '<a class="title" href="/guides/first-day/">First day</a>' in page
    assert "/guides/questions/?question=day#day" in page
    assert "Guides and questions" not in client_of(nina).get("/search/?q=other").content.decode()


def test_people_see_all_that_is_recorded_about_them_and_nothing_of_others(
    begun, nina, rita, alice, client_of
):
    key = begun.version.keys[0]
    begun.view(key, seconds=70)
    begun.done(key)
    StuckReport.objects.report(begun, key, by=nina, text="No such button")
    Assignment.objects.assign(begun.guide, by=alice, user=nina)

    page = client_of(nina).get("/guides/me/").content.decode()
    assert "1 min 10 s" in page
    assert "No such button" in page
    assert "by name" in page
    assert "An operator can have it forgotten" in page
    assert "No such button" not in client_of(rita).get("/guides/me/").content.decode()
    assert "/guides/me/" in client_of(nina).get("/account/profile/").content.decode()


def test_how_long_it_is_kept_is_said(nina, client_of, settings):
    settings.ANONYMISE_PROGRESS_DAYS = 400

    assert "400 days after" in client_of(nina).get("/guides/me/").content.decode()
