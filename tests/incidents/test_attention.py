"""What incidents put on the first page: what waits for whom, asked in one query."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.attention import cards
from incidents.models import Communication, Role

from .test_communications import VALUES, draft, reach
from .world import declare, make_policy, make_service

pytestmark = pytest.mark.django_db
TITLE = "Messages to approve"


def shown(person) -> dict[str, list]:
    return {card.title: card.rows for card in cards(person, timezone.now())}


@pytest.fixture
def message(rita, olga):
    """Written by somebody who is not the commander."""
    incident = declare(rita, services=[make_service()])
    incident.acknowledge(by=rita)
    row = draft(incident, olga, audience="executives", values=VALUES)
    reach("executives", olga)
    assert row.needs_approval and row.submit(by=olga)
    return row


def test_a_message_waits_for_the_commander_alone(message, rita, olga, nina):
    (row,) = shown(rita)[TITLE]

    assert row.address == message.get_absolute_url() and row.act.label == "Review"
    assert message.incident.name in row.line and str(olga) in row.line
    assert not any(TITLE in shown(each) for each in (olga, nina))
    assert message.approve(by=rita)
    assert TITLE not in shown(rita)


def test_without_a_commander_it_waits_for_everybody_but_its_author(message, rita, olga, nina):
    message.incident.assign(Role.COMMANDER, None, by=rita)

    assert TITLE in shown(rita) and not any(TITLE in shown(each) for each in (olga, nina))
    people = (rita, olga)
    found = [Communication.objects.to_approve_by(each).exists() for each in people]
    assert found == [message.may_approve(each) for each in people] == [True, False]


def test_of_a_restricted_incident_it_waits_for_those_who_may_see_it(message, rita, olga, paul):
    message.incident.assign(Role.COMMANDER, None, by=rita)
    paul.take_role("responder")
    assert TITLE in shown(paul)
    message.incident.restrict(by=olga)

    assert TITLE not in shown(paul) and TITLE in shown(rita)


def test_where_nothing_waits_one_query_says_so(rita, nina, django_assert_num_queries):
    shown(rita), shown(nina)  # put together, and what rotations lack
    with django_assert_num_queries(1):
        shown(nina)
    with django_assert_num_queries(2):
        shown(rita)


def test_what_waits_is_read_once_however_much_it_is(rita, olga, django_assert_num_queries):
    now, policy = timezone.now(), make_policy(rita)
    incident = declare(rita, at=now - timedelta(hours=1), policy=policy)
    shown(rita)
    with django_assert_num_queries(3):
        shown(rita)
    for _ in range(3):
        declare(olga, at=now, policy=policy)
    with django_assert_num_queries(3):
        assert len(shown(rita)["Incidents to acknowledge"]) == 4
    assert incident.get_absolute_url() in {
        row.address for row in shown(rita)["Incidents to acknowledge"]
    }
