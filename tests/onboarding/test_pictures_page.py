"""Pictures before and now, side by side, for those who may change guides."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Screenshot, Step, Video

pytestmark = pytest.mark.django_db
ADDRESS = "/guides/first-day/pictures/"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def retaken(first_day, alice, picture_of):
    step = Step.objects.get(title="Look around")
    drawn = picture_of(first_day, alice, colour="red", alt="What differs")
    now = {"previous": step.screenshot, "difference": drawn, "taken_at": timezone.now()}
    shot = picture_of(first_day, alice, colour="navy", taken_from="/runbooks/", changed=0.25, **now)
    step.show(shot, by=alice)
    return shot


def test_authors_see_before_now_and_what_differs(retaken, alice, client_of):
    page = client_of(alice).get(ADDRESS).content.decode()

    for shot in (retaken, retaken.previous, retaken.difference):
        assert shot.get_absolute_url() in page
    assert "Taken again from the running portal on" in page and "25 % of it differs" in page


def test_a_flag_is_told(retaken, alice, client_of):
    Step.objects.get(title="Search").mark("the selector #gone matches nothing")

    assert "The selector #gone matches nothing" in client_of(alice).get(ADDRESS).content.decode()


def test_readers_do_not_see_it(retaken, nina, client, client_of):
    assert client_of(nina).get(ADDRESS).status_code == 403
    assert client.get(ADDRESS).status_code == 302


def test_it_asks_as_often_for_sixty_steps_as_for_two(retaken, first_day, alice, client_of):
    reader = client_of(alice)
    reader.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        reader.get(ADDRESS)
    for number in range(60):
        Step.objects.add(first_day, by=alice, title=f"Step {number}", screenshot=retaken)
    with CaptureQueriesContext(connection) as many:
        reader.get(ADDRESS)

    assert len(many) == len(few)


def test_hostile_words_stay_words(retaken, first_day, alice, client_of):
    Step.objects.get(title="Search").edit(by=alice, title=HOSTILE)
    Screenshot.objects.update(alt=HOSTILE, taken_from=HOSTILE)
    Video.objects.create(guide=first_day, title=HOSTILE, address="https://a.example/x")
    Step.objects.get(title=HOSTILE).mark(HOSTILE)

    for address in (ADDRESS, "/guides/first-day/videos/new/", "/admin/onboarding/video/"):
        page = client_of(alice).get(address)
        assert page.status_code == 200 and "<script>alert" not in page.content.decode()


def test_the_words_of_a_video_are_changed_in_the_admin(first_day, alice, client_of):
    video = Video.objects.create(guide=first_day, title="x", address="https://a.example/x")
    address = f"/admin/onboarding/video/{video.pk}/change/"
    words = {"title": "The tour", "captions": "", "chapters": "", "transcript": "Hello."}

    assert client_of(alice).post(address, words).status_code == 302
    video.refresh_from_db()
    assert (video.title, video.transcript) == ("The tour", "Hello.")

    page = client_of(alice).post(address, {**words, "captions": "WEBVTT\n\nx"})
    assert "Line 3: A cue begins" in page.content.decode()
