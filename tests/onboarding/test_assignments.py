"""Who is asked to follow what, and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from onboarding.models import Assignment
from portal.accounts.models import Team, User
from portal.core.problems import Refused
from portal.notifications.models import Delivery
from tests.conftest import make_person

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)


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


def test_what_is_not_published_is_not_assigned(first_day, alice, nina):
    with pytest.raises(Refused, match="not published") as refused:
        Assignment.objects.assign(first_day, by=alice, user=nina)

    assert refused.value.extra["pointer"] == "/guide"
    assert not Assignment.objects.exists() and not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("due", "pointer"),
    [
        ({"due_on": date(2030, 1, 1)}, "/due_on"),
        ({"due_on": date(2030, 1, 9), "due_days": 3}, "/due_days"),
    ],
)
def test_a_day_that_is_past_or_said_twice_is_refused(published, alice, nina, due, pointer):
    with pytest.raises(Refused) as refused:
        Assignment.objects.assign(published, by=alice, user=nina, at=NOON, **due)

    assert refused.value.extra["pointer"] == pointer
    Assignment.objects.assign(published, by=alice, user=nina, at=NOON, due_on=NOON.date())


def test_days_count_from_the_last_time_that_somebody_was_asked(published, alice, nina):
    Assignment.objects.assign(published, by=alice, user=nina, at=NOON, due_days=3)
    later = NOON + timedelta(days=30)
    row = Assignment.objects.assign(published, by=alice, user=nina, at=later, due_days=3)

    assert row.due_for(nina) == later.date() + timedelta(days=3)
