"""Swaps: asked, agreed to, declined, cancelled; and what changed meanwhile."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from incidents.models import Rotation, Swap
from incidents.oncall import verbs
from incidents.oncall.handovers import expire_swaps
from incidents.oncall.problems import NotTheirs, ShiftsChanged, SwapDecided
from portal.core.problems import Refused

from .world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
RITAS = (AT + 6 * DAY, AT + 8 * DAY)  # of the week from 30 November, 09:00 UTC
ALICES = (AT + 13 * DAY, AT + 14 * DAY)


@pytest.fixture
def asked(rotation, rita, alice):
    def ask(given=RITAS, **more):
        return verbs.propose(rotation, alice, given, by=rita, at=AT, **more)

    return ask


def who(at):
    (people,) = Rotation.objects.all().on_call(at).values()
    return [each.username for each in people]


def test_agreed_to_both_are_on_call_in_place_of_each_other(asked, alice, told):
    swap = asked(back=ALICES, message="A wedding")
    assert who(RITAS[0]) == ["rita"]
    verbs.decide(swap, "agree", by=alice, at=AT + HOUR)

    assert (who(RITAS[0]), who(ALICES[0])) == (["alice"], ["rita"])
    assert (who(RITAS[1]), who(ALICES[1])) == (["rita"], ["alice"])
    assert told() == [
        ("Rita Responder asks for a swap: Databases", "alice"),
        ("Swap agreed: Databases", "rita"),
    ]


@pytest.mark.parametrize(("verb", "name"), [("decline", "alice"), ("cancel", "rita")])
def test_otherwise_nothing_changes(asked, verb, name, request, told):
    swap = asked()
    verbs.decide(swap, verb, by=request.getfixturevalue(name), at=AT + HOUR)

    assert who(RITAS[0]) == ["rita"]
    other = "rita" if name == "alice" else "alice"
    assert told()[-1] == (f"Swap {swap.state}: Databases", other)


def test_only_who_is_asked_agrees(asked, rita, paul):
    swap = asked()
    for person in (rita, paul):
        for verb in ("agree", "decline"):
            with pytest.raises(NotTheirs):
                verbs.decide(swap, verb, by=person, at=AT)


def test_only_the_asker_or_who_changes_rotations_cancels(asked, alice, paul):
    swap = asked()
    with pytest.raises(NotTheirs):
        swap.cancel(by=alice, at=AT)
    swap.cancel(by=paul, at=AT)


def test_it_is_decided_once(asked, alice):
    swap = asked()
    stale = Swap.objects.get(pk=swap.pk)
    swap.decline(by=alice, at=AT)

    with pytest.raises(SwapDecided, match="declined already"):
        stale.agree(by=alice, at=AT)
    assert who(RITAS[0]) == ["rita"]


def test_what_nobody_answered_in_time_expires(asked, alice):
    swap = asked()
    late = RITAS[0] + HOUR
    assert swap.shown_state(late) == "expired"

    with pytest.raises(SwapDecided, match="expired already"):
        swap.agree(by=alice, at=late)
    expire_swaps(late)
    swap.refresh_from_db()
    assert swap.state == "expired"


def test_a_shift_that_is_not_theirs_any_more_is_not_swapped(asked, rotation, alice, paul):
    swap = asked()
    rotation.override(paul, RITAS[0], RITAS[1], by=paul, at=AT)

    with pytest.raises(ShiftsChanged):
        verbs.decide(swap, "agree", by=alice, at=AT)
    swap.refresh_from_db()
    assert swap.state == "proposed"


def test_one_gives_away_ones_own_and_takes_theirs(asked, rotation, rita, alice, nina):
    with pytest.raises(ShiftsChanged):
        asked(given=ALICES)
    with pytest.raises(ShiftsChanged):
        asked(back=(RITAS[0], RITAS[1]))
    with pytest.raises(ShiftsChanged):
        asked(given=(RITAS[0], ALICES[1]))
    with pytest.raises(Refused):
        rotation.propose_swap(rita, RITAS, by=rita, at=AT)
    with pytest.raises(Refused):
        rotation.propose_swap(nina, RITAS, by=rita, at=AT)
    with pytest.raises(NotTheirs):
        rotation.propose_swap(rita, RITAS, by=nina, at=AT)


def test_a_shift_that_has_begun_is_not_swapped(asked, rotation, alice, rita):
    with pytest.raises(Refused, match="by an override"):
        rotation.propose_swap(rita, (AT - HOUR, AT + HOUR), by=alice, at=AT)


def test_the_database_says_it_too(rotation, rita, alice):
    about = {"rotation": rotation, "asker": rita, "made_at": AT}
    for wrong in (
        {"asked": rita, "starts_at": AT, "ends_at": AT + DAY},
        {"asked": alice, "starts_at": AT, "ends_at": AT},
        {"asked": alice, "starts_at": AT, "ends_at": AT + DAY, "back_starts_at": AT},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Swap.objects.create(**about, **wrong)
