"""Films that are there: their words, their poster, and taking away what nobody shows."""

from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from onboarding.guides.difference import as_text, changes
from onboarding.guides.publishing import drafted
from onboarding.models import Guide, Screenshot, Step, Video
from onboarding.problems import WrongState
from onboarding.videos.media_types import validate_address
from portal.core.problems import Refused

from .films import mp4
from .world import VTT
from .writing import guide_page

pytestmark = pytest.mark.django_db
VIDEOS = "/guides/first-day/videos/new/"


@pytest.fixture
def film(first_day, alice):
    """One that no step shows."""
    about = {"guide": first_day, "by": alice, "title": "The tour", "captions": VTT}
    return Video.objects.keep(ContentFile(mp4()), **about)


@pytest.fixture
def shown(film, first_day, alice):
    Step.objects.get(title="Search").edit(by=alice, video=film)
    Guide.objects.get().publish(by=alice)
    return film


def page_of(film) -> str:
    return f"/admin/onboarding/video/{film.pk}/change/"


def discard_of(film) -> str:
    return f"/guides/first-day/videos/{film.pk}/discard/"


def parts_of(guide) -> list:
    found = changes(guide.published.content, drafted(guide, rendering=False))
    return [change.parts for change in found]


def test_words_that_come_later_are_a_change_of_the_guide(shown, alice):
    assert not Guide.objects.get().has_changes

    shown.describe(by=alice, transcript="Now it can be **read**.")

    guide = Guide.objects.get()
    assert guide.has_changes
    assert parts_of(guide) == [("transcript of the video",)]
    assert "Transcript: Now it can be **read**." in as_text(drafted(guide, rendering=False))


def test_what_is_not_changed_or_not_shown_is_no_change(shown, alice, first_day):
    other = Video.objects.keep(ContentFile(mp4()), guide=first_day, by=alice, title="Other")
    other.describe(by=alice, transcript="Not shown.")
    shown.describe(by=alice, title="The tour", captions=VTT)

    guide = Guide.objects.get()
    assert not guide.has_changes and parts_of(guide) == []


def test_versions_of_before_do_not_differ_by_what_they_did_not_keep(shown, alice):
    shown.describe(by=alice, transcript="It *is* so.")
    version = Guide.objects.get().publish(by=alice)
    film = version.content["steps"][1]["video"]
    film |= {"has_captions": bool(film.pop("captions")), "has_chapters": False}
    del film["transcript_text"], film["chapters"]
    version.save(update_fields=["content"])

    assert parts_of(Guide.objects.get()) == []
    shown.describe(by=alice, transcript="")
    assert parts_of(Guide.objects.get()) == [("transcript of the video",)]


def test_a_film_without_words_is_not_published(film, first_day, alice, client_of):
    Step.objects.get(title="Search").edit(by=alice, video=film)
    film.describe(by=alice, captions="")

    page = client_of(alice).get(guide_page(first_day, "publish")).content.decode()
    assert "Step 2: give its film captions or a transcript" in page
    with pytest.raises(Refused) as refusal:
        Guide.objects.get().publish(by=alice)
    assert refusal.value.extra["pointer"] == "/steps/1/video/captions"

    film.describe(by=alice, transcript="It shows the search.")
    Guide.objects.get().publish(by=alice)


def test_films_are_looked_after_where_they_stand(film, alice, client_of, picture_of, first_day):
    browser = client_of(alice)
    page = browser.get(VIDEOS).content.decode()
    assert page_of(film) in page and discard_of(film) in page

    poster = Screenshot.objects.get()
    other = picture_of(Guide.objects.start("Other", by=alice), alice, "navy")
    form = browser.get(page_of(film)).content.decode()
    assert f'value="{poster.pk}"' in form and f'<option value="{other.pk}"' not in form

    words = {"title": "Tour", "captions": VTT, "chapters": "", "transcript": "Said."}
    assert browser.post(page_of(film), {**words, "poster": poster.pk}).status_code == 302
    film.refresh_from_db()
    assert (film.title, film.transcript, film.poster) == ("Tour", "Said.", poster)
    assert browser.post(page_of(film), {**words, "poster": other.pk}).status_code == 200


def test_a_film_that_nobody_shows_goes_with_its_file(
    film, alice, client_of, django_capture_on_commit_callbacks
):
    place = Path(portal.MEDIA_ROOT) / film.path
    assert place.is_file()

    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(alice).post(discard_of(film))

    assert answer.url == VIDEOS
    assert not Video.objects.exists() and not place.exists()


def test_a_film_that_is_or_was_shown_stays(shown, alice, client_of):
    assert client_of(alice).post(discard_of(shown)).status_code == 409
    assert discard_of(shown) not in client_of(alice).get(VIDEOS).content.decode()

    Step.objects.get(title="Search").edit(by=alice, video=None)
    with pytest.raises(WrongState, match="published version"):
        Video.objects.get().discard(by=alice)
    assert Video.objects.exists()


def test_a_film_is_removed_by_authors_of_its_guide_with_a_post(film, alice, nina, client_of):
    assert client_of(nina).post(discard_of(film)).status_code == 403
    assert client_of(alice).get(discard_of(film)).status_code == 405
    Guide.objects.start("Other", by=alice)
    elsewhere = discard_of(film).replace("first-day", "other")
    assert client_of(alice).post(elsewhere).status_code == 404
    assert Video.objects.exists()


def test_the_form_says_its_limits(first_day, alice, client_of, settings):
    browser = client_of(alice)
    page = browser.get(VIDEOS).content.decode()
    assert "MP4 or WebM, at most 100 MB." in page
    assert 'Video file <span class="muted">(optional)' not in page

    settings.VIDEO_HOSTS = ["videos.example.org"]
    assert "ending in .mp4 or .webm" in browser.get(VIDEOS).content.decode()


def test_a_refused_file_has_one_reason(first_day, alice, client_of):
    file = SimpleUploadedFile("x.mp4", b"<script>")
    page = client_of(alice).post(VIDEOS, {"title": "x", "file": file}).content.decode()

    assert "This is not an MP4" in page and "Give a video file" not in page
    assert "Give a video file." in client_of(alice).post(VIDEOS, {"title": "x"}).content.decode()


def test_the_address_of_a_page_is_refused_with_what_to_give(settings):
    settings.VIDEO_HOSTS = ["videos.example.org"]
    validate_address("https://videos.example.org/a/Film.MP4?t=1")
    validate_address("https://videos.example.org/a.webm")
    with pytest.raises(ValidationError, match="address of a page"):
        validate_address("https://videos.example.org/watch?v=1")
