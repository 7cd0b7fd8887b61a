"""What readers of a version see stays as it was published, whatever its authors do next."""

import pytest

from onboarding.models import Guide, Progress

from .world import FILM_KEY, VTT, make_guide

STEP = f"/guides/disk/steps/{FILM_KEY}/"
LATER = "WEBVTT\n\n00:00.000 --> 00:05.000\nLater\n"


@pytest.fixture
def guide(alice):
    """Confirmed at its end, and to be followed after another one; published as v1."""
    before = Guide.objects.start("Before", by=alice, slug="before")
    before.steps.create(title="Look")
    before.publish(by=alice)
    guide = make_guide(alice, slug="disk")
    guide.describe(by=alice, prerequisites=[before], asks_acknowledgement=True)
    guide.publish(by=alice)
    return Guide.objects.get(pk=guide.pk)


@pytest.fixture
def changed(guide, alice):
    """Its authors changed all that does not stand in a step."""
    other = Guide.objects.start("Other", by=alice, slug="other")
    other.steps.create(title="Look")
    other.publish(by=alice)
    guide.describe(by=alice, prerequisites=[other], asks_acknowledgement=False)
    words = {"captions": LATER, "chapters": LATER, "transcript": "Later.", "poster": None}
    guide.videos.get().describe(by=alice, title="Later", **words)
    return Guide.objects.get(pk=guide.pk)


def text_of(client, address) -> str:
    return client.get(address).content.decode()


def step_of(client) -> str:
    """The film and its words on the page of the step."""
    return text_of(client, STEP).partition("<main")[2].partition("<form")[0]


def test_a_film_keeps_its_words_and_poster(guide, nina, alice, client_of, request):
    reader = client_of(nina)
    words = [f"/guides/disk/v2/{FILM_KEY}/{name}.vtt" for name in ("captions", "chapters")]
    before = step_of(reader)
    assert all(address in before for address in words)
    changed = request.getfixturevalue("changed")

    assert step_of(reader) == before
    assert {text_of(reader, address) for address in words} == {VTT}
    draft = f"/guides/disk/v0/{FILM_KEY}/captions.vtt"
    assert reader.get(draft).status_code == 404
    assert text_of(client_of(alice), draft) == LATER

    changed.publish(by=alice)
    assert "Later." in step_of(reader)
    assert text_of(reader, words[0].replace("v2", "v3")) == LATER
    assert text_of(reader, words[0]) == VTT


def test_changed_words_of_a_film_are_a_change_to_publish(guide, alice, client_of):
    assert not guide.has_changes
    guide.videos.get().describe(by=alice, transcript="Later.")
    guide = Guide.objects.get(pk=guide.pk)

    assert guide.has_changes
    page = text_of(client_of(alice), f"/admin/onboarding/guide/{guide.pk}/compare/?old=2&new=0")
    assert "Transcript" in page and "Later" in page


def test_the_preview_plays_the_words_of_what_it_shows(changed, alice, client_of):
    page = f"/admin/onboarding/guide/{changed.pk}/preview/"
    track = "/guides/disk/v%s/" + f"{FILM_KEY}/captions.vtt"

    assert track % 0 in text_of(client_of(alice), page)
    assert track % 2 in text_of(client_of(alice), f"{page}?version=2")


def test_what_comes_before_and_the_confirmation_are_those_of_the_version(
    changed, nina, alice, client_of
):
    reader = client_of(nina)
    page = text_of(reader, "/guides/disk/")
    assert ">Before</a>" in page and ">Other</a>" not in page
    progress = Progress.objects.start(changed, by=nina)
    for key in progress.version.keys:
        progress.done(key)
    assert "I read and understood it" in text_of(reader, "/guides/disk/")

    changed.publish(by=alice)
    page = text_of(reader, "/guides/disk/")
    assert ">Before</a>" in page and "I read and understood it" in page
    progress.acknowledge()
    Progress.objects.get().move_over()
    page = text_of(reader, "/guides/disk/")
    assert ">Other</a>" in page and ">Before</a>" not in page


def test_the_api_says_the_same(changed, nina, alice, api):
    def asked(place="") -> tuple:
        found = api(nina).get(f"/api/v1/guides/disk/{place}").json()
        return found["prerequisites"], found["asks_acknowledgement"]

    assert asked() == asked("versions/2/") == (["before"], True)
    changed.publish(by=alice)
    assert asked() == (["other"], False)
    assert asked("versions/2/") == (["before"], True)
