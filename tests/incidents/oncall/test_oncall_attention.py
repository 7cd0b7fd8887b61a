"""Who hears of hours without anybody, people who cannot be called, and swaps, on the first page."""

import pytest

from incidents.attention import cards
from incidents.models import Swap
from incidents.models.specifications import specified
from portal.accounts.models import Team, User

from .world import AT, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reachable(rotation):
    User.objects.update(email="people@example.org")


def said(person, at=AT):
    found = cards(User.objects.get(pk=person.pk), at)
    return {card.title: [row.title for row in card.rows] for card in found}


def test_a_gap_is_told_to_who_changes_rotations_and_to_the_team(rotation, paul, rita, nina):
    (layer,) = specified(rotation)
    short = layer.__class__(**vars(layer) | {"ends_on": (AT + 13 * DAY).date()})
    rotation.change({"layers": [short]}, by=paul, at=AT)
    title = {"On-call to look after": ["Databases: nobody for 1 d 1 h"]}

    assert said(paul) == title
    assert said(rita) == said(nina) == {}
    team = Team.objects.create(slug="data", name="Data")
    team.members.add(rita)
    rotation.change({"owner": team}, by=paul, at=AT + DAY / 24)
    assert said(rita) == title


def test_somebody_who_cannot_be_called_is_told_before_their_shift(rotation, paul, alice):
    User.objects.filter(pk=alice.pk).update(email="")

    assert said(paul) == {"On-call to look after": ["Databases: Alice Author"]}


def test_a_swap_waits_for_who_is_asked_until_it_is_answered(rotation, rita, alice):
    given = (AT + 6 * DAY, AT + 8 * DAY)
    rotation.propose_swap(alice, given, by=rita, at=AT)

    assert said(alice) == {"Swaps to answer": ["Rita Responder asks you: Databases"]}
    assert said(rita) == {}
    assert said(alice, AT + 7 * DAY) == {}
    Swap.objects.get().decline(by=alice, at=AT)
    assert said(alice) == {}
