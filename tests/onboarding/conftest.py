"""A guide of two steps with a picture, as authors have it and as readers follow it."""

import io

import pytest
from PIL import Image as Picture

from onboarding.models import Guide, Progress, Screenshot, Step
from portal.accounts.models import Team
from portal.core.media.uploads import store_image

CALLOUT = {
    "kind": "box",
    "text": "Press it",
    "box": {"x": 10, "y": 20, "w": 30, "h": 15},
    "selector": "#go",
}


def png(colour="teal", size=(400, 300)) -> io.BytesIO:
    file = io.BytesIO()
    Picture.new("RGB", size, colour).save(file, "PNG")
    file.seek(0)
    return file


@pytest.fixture
def picture_of():
    def picture_of(guide, by, colour="teal", alt="The first page", **more):
        stored = store_image(png(colour), name="page.png")
        return Screenshot.objects.keep(stored, alt=alt, by=by, guide=guide, **more)

    return picture_of


@pytest.fixture
def first_day(alice, picture_of):
    """“First day”: look around (with a picture and a callout), then search."""
    team = Team.objects.create(slug="welcome", name="Welcome")
    team.members.add(alice)
    guide = Guide.objects.start(
        "First day", by=alice, purpose="You find your way.", owner=team, minutes=5
    )
    look = Step.objects.add(
        guide, by=alice, title="Look around", text="Press **Go**.", control="Go", result="A list."
    )
    look.show(picture_of(guide, alice), by=alice, callouts=[CALLOUT])
    Step.objects.add(guide, by=alice, title="Search", text="Type a word.")
    return Guide.objects.get(pk=guide.pk)


@pytest.fixture
def published(first_day, alice):
    first_day.publish(by=alice, note="First")
    return Guide.objects.get(pk=first_day.pk)


@pytest.fixture
def reading(published, client_of):
    """GET or POST a page below a guide as somebody, with the text of the answer."""

    def reading(person, place="", data=None, **more):
        client, address = client_of(person), f"/guides/first-day/{place}"
        answer = client.get(address) if data is None else client.post(address, data, **more)
        answer.text_shown = (
            b"".join(answer).decode() if answer.streaming else answer.content.decode()
        )
        return answer

    return reading


@pytest.fixture
def begun(published, nina):
    return Progress.objects.start(published, by=nina)
