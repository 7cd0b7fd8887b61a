"""Overrides: who takes whose place, and who may say so."""

from datetime import timedelta

import pytest

from incidents.models import Override, Rotation
from incidents.oncall import verbs
from incidents.oncall.problems import NotTheirs, OverrideOver
from portal.core.problems import Refused

from .world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db


def now(at=AT):
    ((people),) = Rotation.objects.all().on_call(at).values()
    return [each.username for each in people]


def test_somebody_covers_some_hours_and_both_are_told(rotation, rita, told):
    verbs.override(rotation, rita, AT + HOUR, AT + 3 * HOUR, by=rita, at=AT, reason="Dentist")

    assert [now(AT + n * HOUR) for n in (0, 1, 2, 3)] == [["alice"], ["rita"], ["rita"], ["alice"]]
    assert told() == [("You are not on call: Databases", "alice")]


def test_who_changes_rotations_puts_in_anybody_and_they_are_told(rotation, rita, paul, told):
    verbs.override(rotation, rita, AT, AT + DAY, by=paul, at=AT)

    assert told() == [
        ("You are put on call: Databases", "rita"),
        ("You are not on call: Databases", "alice"),
    ]


def test_nobody_on_purpose(rotation, paul):
    verbs.override(rotation, None, AT, AT + DAY, by=paul, at=AT, reason="The office is closed")

    assert now() == []
    plan = Rotation.objects.all().plans(AT, AT + DAY)[rotation.pk]
    assert plan.holder(AT).is_planned


def test_one_that_began_in_the_past_begins_now(rotation, rita):
    made = rotation.override(rita, AT - DAY, AT + DAY, by=rita, at=AT)

    assert made.starts_at == AT


def test_others_are_put_in_only_by_who_changes_rotations(rotation, alice, rita, nina):
    for person in (alice, None):
        with pytest.raises(NotTheirs):
            rotation.override(person, AT, AT + DAY, by=rita, at=AT)
    with pytest.raises(NotTheirs):
        rotation.override(nina, AT, AT + DAY, by=nina, at=AT)
    assert not Override.objects.exists()


def test_cancelled_it_is_over_and_only_once(rotation, rita, paul, told):
    made = verbs.override(rotation, rita, AT, AT + DAY, by=rita, at=AT)
    coming = verbs.override(rotation, rita, AT + DAY, AT + 2 * DAY, by=rita, at=AT)
    verbs.cancel(made, by=paul, at=AT + HOUR)
    verbs.cancel(coming, by=rita, at=AT + HOUR)

    assert (made.ends_at, made.cancelled_at) == (AT + HOUR, None)
    assert coming.cancelled_at == AT + HOUR
    assert [now(AT + timedelta(minutes=m)) for m in (30, 61)] == [["rita"], ["alice"]]
    assert ("Override cancelled: Databases", "rita") in told()
    with pytest.raises(OverrideOver):
        made.cancel(by=paul, at=AT + 2 * HOUR)


def test_only_whose_it_is_cancels_it(rotation, alice, rita, paul):
    made = rotation.override(rita, AT, AT + DAY, by=rita, at=AT)

    with pytest.raises(NotTheirs):
        made.cancel(by=alice, at=AT)
    assert made.may_be_cancelled_by(rita) and made.may_be_cancelled_by(paul)


@pytest.mark.parametrize(
    ("begin", "end", "pointer"),
    [
        (DAY, HOUR, "/ends_at"),
        (-2 * DAY, -DAY, "/ends_at"),
        (DAY, 100 * DAY, "/ends_at"),
        (400 * DAY, 401 * DAY, "/starts_at"),
    ],
)
def test_times_that_make_no_sense_are_refused(rotation, rita, begin, end, pointer):
    with pytest.raises(Refused) as refused:
        verbs.override(rotation, rita, AT + begin, AT + end, by=rita, at=AT)
    assert refused.value.extra["pointer"] == pointer


def test_an_override_does_not_make_an_edit_of_the_layers_stale(rotation, rita, paul):
    rotation.override(rita, AT, AT + DAY, by=rita, at=AT + HOUR)

    assert rotation.change({"name": "Other"}, by=paul, at=AT + 2 * HOUR, based_on=0)
