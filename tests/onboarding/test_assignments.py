"""Who is asked to follow what, and until when."""

from datetime import date, timedelta

import pytest

from onboarding.models import Assignment
from portal.accounts.models import Team, User
from portal.core.problems import Refused
from tests.conftest import make_person


def guides_of(person) -> list[str]:
    return [row.guide.title for row in Assignment.objects.of(person)]


def test_by_name_through_a_team_and_as_somebody_new(published, alice, nina, rita):
    team = Team.objects.create(slug="night", name="Night")
    team.members.add(rita)

    Assignment.objects.assign(published, by=alice, user=nina, due_on=date(2030, 1, 2))
    assert guides_of(nina) == ["First day"]
    Assignment.objects.assign(published, by=alice, team=team)
    assert guides_of(rita) == ["First day"]

    Assignment.objects.assign(published, by=alice, everybody_new=True, due_days=14)
    newcomer = make_person("newcomer", "reader")
    assert guides_of(newcomer) == ["First day"]
    assert guides_of(alice) == []


def test_the_same_twice_changes_the_day(published, alice, nina):
    Assignment.objects.assign(published, by=alice, user=nina, due_on=date(2030, 1, 2))
    again = Assignment.objects.assign(published, by=alice, user=nina, due_on=date(2030, 1, 9))

    assert Assignment.objects.count() == 1
    assert again.due_for(nina) == date(2030, 1, 9)


def test_everybody_new_has_days_from_joining(published, alice):
    row = Assignment.objects.assign(published, by=alice, everybody_new=True, due_days=14)
    newcomer = make_person("newcomer", "reader")

    assert row.due_for(newcomer) == newcomer.date_joined.date() + timedelta(days=14)
    assert list(row.people()) == [newcomer]
    assert User.objects.count() > 1


def test_it_is_for_exactly_one_kind_of_people(published, alice, nina):
    with pytest.raises(Refused):
        Assignment.objects.assign(published, by=alice)
    with pytest.raises(Refused):
        Assignment.objects.assign(published, by=alice, user=nina, everybody_new=True)


def test_withdrawn_it_asks_nobody(published, alice, nina):
    row = Assignment.objects.assign(published, by=alice, user=nina)
    row.withdraw(by=alice)

    assert guides_of(nina) == []
    Assignment.objects.assign(published, by=alice, user=nina)
    assert guides_of(nina) == ["First day"]
