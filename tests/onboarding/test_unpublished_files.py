"""Pictures and films reach readers with the version that shows them, and not before."""

import pytest
from django.core.files.base import ContentFile

from onboarding.models import Guide, Step, Video
from tests.onboarding.films import mp4
from tests.onboarding.world import VTT


@pytest.fixture
def film(first_day, alice, picture_of):
    """In the second step of a guide that is not published, with a poster."""
    film = Video.objects.keep(
        ContentFile(mp4()),
        guide=first_day,
        by=alice,
        title="The tour",
        captions=VTT,
        chapters=VTT,
        poster=picture_of(first_day, alice, "navy"),
    )
    Step.objects.get(title="Search").edit(by=alice, video=film)
    return film


def addresses(film, step, number=1) -> list[str]:
    key = Step.objects.get(title="Search").key
    words = f"/guides/first-day/v{number}/{key}"
    return [
        step.screenshot.get_absolute_url(),
        film.poster.get_absolute_url(),
        film.source,
        f"{words}/captions.vtt",
        f"{words}/chapters.vtt",
    ]


def answers(browser, film, step, number=1) -> set[int]:
    return {browser.get(address).status_code for address in addresses(film, step, number)}


def test_files_of_a_draft_are_for_authors(film, first_day, alice, nina, client_of):
    look = first_day.steps.first()
    assert answers(client_of(nina), film, look, number=0) == {404}
    assert answers(client_of(alice), film, look, number=0) == {200}

    first_day.publish(by=alice)
    assert answers(client_of(nina), film, look) == {200}


def test_what_left_a_published_guide_is_still_in_its_version(
    film, first_day, alice, nina, client_of
):
    look = first_day.steps.first()
    first_day.publish(by=alice)
    Step.objects.get(title="Search").edit(by=alice, video=None)
    Guide.objects.get(pk=first_day.pk).archive(by=alice)

    assert answers(client_of(nina), film, look) == {200}


def test_a_film_that_is_only_linked_counts_by_itself(film, first_day, alice, nina, settings):
    settings.VIDEO_HOSTS = ["films.example"]
    first_day.publish(by=alice)
    more = {"guide": first_day, "by": alice, "title": "Other", "captions": VTT}
    other = Video.objects.link("https://films.example/a.mp4", **more)

    assert list(Video.objects.visible(nina)) == [film]
    assert set(Video.objects.visible(alice)) == {film, other}


def test_a_text_does_not_open_a_film(film, first_day, alice, nina, client_of):
    search = Step.objects.get(title="Search")
    search.edit(
        by=alice, video=None, title=f'{{"pk": {film.pk}, "x": 1}}', text=f'"pk": {film.pk},'
    )
    first_day.publish(by=alice)

    assert client_of(nina).get(film.source).status_code == 404
