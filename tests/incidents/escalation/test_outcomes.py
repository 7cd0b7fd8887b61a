"""What became of calls, and moving on at once where nobody was reached."""

import pytest

from incidents.models import Call, Escalation, EscalationTarget
from portal.notifications.models import Delivery
from tests.incidents.world import declare, make_policy, make_service

from .conftest import NOW, at, told, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(rita, paul):
    policy = make_policy(rita, paul)
    return declare(None, services=[make_service(policy=policy)], at=NOW)


def fail(person, **more) -> None:
    about = {"state": "failed", "last_error": "550 Nobody of that name", **more}
    Delivery.objects.filter(recipient=person).update(**about)


def outcome(person) -> str:
    return Call.objects.get(person=person).outcome


def test_a_call_arrives_with_its_first_message(incident, rita):
    work(NOW)
    assert outcome(rita) == "waiting"

    Delivery.objects.filter(recipient=rita).update(state="sent", sent_at=NOW)
    work(at(1))

    assert outcome(rita) == "arrived" and len(told(incident)) == 1


@pytest.mark.parametrize("more", [{}, {"state": "waiting", "attempts": 1}])
def test_a_failed_message_moves_on_at_once(incident, rita, paul, more):
    work(NOW)

    fail(rita, **more)
    work(at(1))

    assert outcome(rita) == "failed" and outcome(paul) == "waiting"
    assert told(incident)[1:] == [
        (1, "Rita Responder (mail failed)"),
        (1, "Shop, tier 1, step 2: Paul Approver"),
    ]


def test_of_two_in_a_step_one_failure_is_said_and_the_other_is_waited_for(incident, rita, olga):
    step = incident.policy.steps.first()
    EscalationTarget.objects.create(step=step, person=olga)
    incident.plan = incident.policy.plan()
    Escalation.objects.update(plan=incident.plan)
    work(NOW)

    fail(rita)
    work(at(1))

    assert told(incident)[1:] == [(1, "Rita Responder (mail failed)")]
    assert Escalation.objects.get().due_at == at(5)


def test_who_has_no_address_is_not_waited_for(rita, paul):
    rita.email = ""
    rita.save()
    incident = declare(None, services=[make_service(policy=make_policy(rita, paul))], at=NOW)

    work(NOW)

    assert told(incident) == [
        (0, "Shop, tier 1, step 1: Rita Responder (no contact method works). It was skipped."),
        (0, "Shop, tier 1, step 2: Paul Approver"),
    ]
    assert outcome(rita) == "failed"


def test_what_fails_after_an_answer_calls_nobody(incident, rita, paul):
    work(NOW)
    incident.acknowledge(by=paul, at=at(1))

    fail(rita)
    work(at(2))

    assert outcome(rita) == "failed"
    assert not Call.objects.filter(person=paul).exists()
