"""Rotations: who may make and change them, and who they say is on call."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import Rotation
from incidents.models.specifications import specified
from incidents.oncall.problems import RotationArchived
from portal.accounts.models import User
from portal.architecture.models import Service
from portal.core.problems import Refused, Stale

from .world import AT, DAY, make_rotation, week

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def on_call(at):
    return {
        Rotation.objects.get(pk=pk).slug: [each.username for each in people]
        for pk, people in Rotation.objects.current().on_call(at).items()
    }


def test_people_take_turns(rotation):
    assert [on_call(AT + n * WEEK) for n in range(3)] == [
        {"databases": ["alice"]},
        {"databases": ["rita"]},
        {"databases": ["alice"]},
    ]


def test_many_are_asked_in_as_many_queries_as_one(rotation, rita, alice, paul):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Rotation.objects.current().on_call(AT)
        return len(asked)

    one = count()
    for number in range(4):
        make_rotation(rita, alice, by=paul, slug=f"more-{number}")
    assert count() == one == 6


def test_a_service_is_answered_by_its_rotations(rotation, rita, paul):
    orders = Service.objects.create(slug="orders", name="Orders")
    make_rotation(rita, by=paul, slug="orders", services=[orders])

    assert [str(row) for row in Rotation.objects.answering([orders])] == ["Orders"]


def test_whoever_left_is_nobody(rotation, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert on_call(AT) == {"databases": []}


def test_layers_are_changed_as_a_whole_and_the_trail_says_it(rotation, rita, alice, paul):
    night = week(rita, name="Night")
    assert rotation.change({"layers": [*specified(rotation), night]}, by=paul, at=AT)

    assert [each.name for each in specified(rotation)] == ["Week", "Night"]
    assert on_call(AT) == {"databases": ["rita"]}
    assert rotation.revision == 1


def test_what_changes_nothing_moves_no_revision(rotation, paul):
    same = {"name": rotation.name, "layers": specified(rotation), "services": []}

    assert rotation.change(same, by=paul, at=AT, based_on=0) is False
    assert rotation.revision == 0


def test_of_two_changes_at_once_the_later_is_told(rotation, paul):
    rotation.change({"name": "Theirs"}, by=paul, at=AT, based_on=0)

    with pytest.raises(Stale) as refused:
        rotation.change({"name": "Mine", "layers": []}, by=paul, at=AT, based_on=0)
    assert refused.value.theirs.name == "Theirs"
    assert refused.value.yours == {"name": "Mine"}
    assert len(specified(rotation)) == 1


def test_archived_nobody_is_on_call_and_nothing_is_changed(rotation, rita, paul):
    rotation.archive(by=paul, at=AT)

    assert on_call(AT) == {}
    with pytest.raises(RotationArchived):
        rotation.change({"name": "X"}, by=paul, at=AT)
    with pytest.raises(RotationArchived):
        rotation.override(rita, AT, AT + DAY, by=rita, at=AT)
    rotation.unarchive(by=paul, at=AT)
    assert on_call(AT) == {"databases": ["alice"]}


def test_who_only_reads_cannot_be_on_call(rotation, nina, paul):
    with pytest.raises(Refused, match="Nina"):
        rotation.change({"layers": [week(nina)]}, by=paul, at=AT)
    assert len(specified(rotation)) == 1


def test_somebody_whose_account_is_off_stays_in_a_layer_that_is_saved_again(rotation, alice, paul):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    layers = [replace(each, name="Weeks") for each in specified(rotation)]

    assert rotation.change({"layers": layers}, by=paul, at=AT)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"holidays_country": "XX"}, "holidays_country"),
        ({"holidays_country": "DE", "holidays_subdivision": "QQ"}, "holidays_subdivision"),
        ({"name": "A\u202eb"}, "name"),
        ({"slug": "new"}, "slug"),
        ({"slug": ""}, "slug"),
    ],
)
def test_what_makes_no_sense_is_refused(rotation, paul, fields, name):
    with pytest.raises(ValidationError) as refused:
        make_rotation(by=paul, **{"slug": "other", **fields})
    assert name in refused.value.message_dict


def test_layers_without_people_and_too_many_are_refused(rotation, rita, paul):
    for layers in ([week()], [week(rita)] * 11):
        with pytest.raises(Refused):
            rotation.change({"layers": layers}, by=paul, at=AT)
    assert Rotation.objects.get().layers.count() == 1
