"""Calling by a policy, minute by minute."""

from datetime import timedelta

import pytest

from incidents.escalation import engine
from incidents.models import (
    Call,
    Escalation,
    EscalationPolicy,
    EscalationTarget,
    Participant,
    Rotation,
    StepSpec,
)
from incidents.models.specifications import LayerSpec
from portal.accounts.models import Team
from portal.core.problems import Overtaken
from portal.notifications.models import Channel, Delivery
from tests.incidents.world import declare, make_policy, make_service, severity

from .conftest import NOW, at, told, work, work_until

pytestmark = pytest.mark.django_db


def opened(policy, level=2, **more):
    return declare(None, level=level, services=[make_service(policy=policy)], at=NOW, **more)


def mails() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(key__startswith="incidents-call-").order_by("pk")
    return [(each.recipient.username if each.recipient else str(each.channel), each.urgency)
            for each in rows]  # fmt: skip


def test_it_calls_one_after_another_and_then_everybody(rita, paul, olga):
    policy = make_policy(rita, paul, rounds=2)
    incident = opened(policy)

    work_until(60)

    assert told(incident) == [
        (0, "Shop, tier 1, step 1: Rita Responder"),
        (5, "Shop, tier 1, step 2: Paul Approver"),
        (10, "Shop, tier 1, step 1, round 2: Rita Responder"),
        (15, "Shop, tier 1, step 2, round 2: Paul Approver"),
        (20, "The policy has ended. All operators: Olga Operator"),
    ]
    assert mails() == [(name, "high") for name in ("rita", "paul", "rita", "paul", "olga")]
    escalation = Escalation.objects.get()
    assert escalation.state == "ended" and escalation.again_at == at(20 + 60)
    assert Participant.objects.filter(incident=incident).count() == 3


def test_who_acknowledges_is_the_last_one_called(rita, paul, olga):
    incident = opened(make_policy(rita, paul))
    work(NOW)

    incident.acknowledge(by=rita, at=at(1))
    work_until(60)

    assert told(incident) == [(0, "Shop, tier 1, step 1: Rita Responder")]


def test_an_empty_step_is_not_waited_for(rita, paul, olga):
    policy = make_policy(rita, paul, olga)
    incident = opened(policy)
    paul.is_active = False
    paul.save()

    work_until(5)

    assert told(incident) == [
        (0, "Shop, tier 1, step 1: Rita Responder"),
        (5, "Shop, tier 1, step 2: Paul Approver (the account is closed). It was skipped."),
        (5, "Shop, tier 1, step 3: Olga Operator"),
    ]
    assert Call.objects.get(person=None).why == "the account is closed"


def test_a_team_a_rotation_and_a_channel_are_looked_up_when_they_are_called(rita, paul, alice):
    team = Team.objects.create(slug="shop", name="Shop")
    team.members.set([rita, paul])
    channel, _ = Channel.objects.add(by=None, name="#shop", kind="mail", address="s@example.org")
    layer = LayerSpec("Week", (alice,), NOW.date() - timedelta(days=7))
    rotation = Rotation.objects.make(
        by=rita, at=NOW, slug="shop", name="Shop primary", time_zone="UTC", layers=[layer]
    )
    policy = EscalationPolicy.objects.make(
        by=rita, name="Shop", steps=[StepSpec((team, rotation, channel), delay_minutes=0)]
    )
    incident = opened(policy)
    paul.is_active = False
    paul.save()

    work(NOW)

    assert told(incident) == [
        (0, "Shop, step 1: Shop (Rita Responder), Shop primary (Alice Author), #shop")
    ]
    assert incident.plan[0]["steps"][0]["targets"][1]["slug"] == "shop"
    assert mails() == [("alice", "high"), ("rita", "high"), ("#shop", "high")] or len(mails()) == 3


def test_nobody_on_call_is_said_and_skipped(rita, olga):
    rotation = Rotation.objects.make(
        by=olga, at=NOW, slug="shop", name="Shop primary", time_zone="UTC", layers=[]
    )
    policy = make_policy(olga)
    EscalationTarget.objects.create(step=policy.steps.get(), rotation=rotation)
    incident = opened(policy)

    work(NOW)

    text = "Shop, tier 1, step 1: Olga Operator. Not reached: Shop primary (nobody is on call)"
    assert told(incident) == [(0, text)]


def test_a_policy_that_reaches_nobody_falls_to_the_next_ones_at_once(nina, rita, olga):
    last = make_policy(rita, name="Everything else", is_catch_all=True, rounds=1)
    policy = make_policy(nina, rounds=3, continues_with=make_policy(name="No steps"))
    incident = opened(policy)

    work_until(60)

    who = "Nina Reader (the role may not work on incidents). It was skipped."
    assert told(incident) == [
        (0, f"Shop, tier 1, step 1: {who}"),
        (0, "Everything else, step 1: Rita Responder"),
        (5, "The policy has ended. All operators: Olga Operator"),
    ]
    assert last.is_catch_all


def test_policies_that_continue_with_each_other_end(rita, olga):
    first, second = make_policy(rita, rounds=1), make_policy(olga, name="Second", rounds=1)
    first.continues_with, second.continues_with = second, first
    first.save()
    second.save()
    incident = opened(first)

    work_until(60)

    assert [minute for minute, _ in told(incident)] == [0, 5, 10]


def test_a_step_of_low_urgency_is_urgent_where_the_severity_is(rita):
    policy = make_policy(rita)
    policy.steps.update(urgency="low")
    opened(policy, level=1)

    work(NOW)

    assert mails() == [("rita", "high")]


def test_a_restricted_incident_is_told_to_no_channel(rita):
    channel, _ = Channel.objects.add(by=None, name="#shop", kind="mail", address="s@example.org")
    policy = make_policy(rita)
    EscalationTarget.objects.create(step=policy.steps.get(), channel=channel)
    incident = opened(policy, is_restricted=True)

    work(NOW)

    assert mails() == [("rita", "high")]
    assert told(incident)[0][1].endswith("Not reached: #shop (the incident is restricted)")
    assert incident.is_visible_to(rita)


def test_what_nobody_answered_starts_again_and_an_answer_ends_it(rita, olga):
    incident = opened(make_policy(rita, rounds=1), level=1)
    work_until(5)
    assert Escalation.objects.unanswered().exists()

    work(at(34))
    assert not Escalation.objects.running().exists()
    work(at(35))
    assert Escalation.objects.running().get().turn == 1
    assert told(incident, "escalated") == [(35, "Nobody has answered: everybody is called again.")]

    work_until(40)
    assert incident.acknowledge(by=olga, at=at(41))
    assert not Escalation.objects.unanswered().exists() and not Escalation.objects.running()


def test_what_is_acknowledged_and_idle_calls_from_the_top(rita, olga):
    incident = opened(make_policy(rita), level=1)
    work(NOW)
    incident.acknowledge(by=rita, at=at(1))

    work(at(30))
    assert len(told(incident)) == 1
    work(at(31))

    assert told(incident)[1:] == [(31, "Shop, tier 1, step 1: Rita Responder")]


def test_a_worker_that_stood_still_calls_nobody(rita):
    incident = opened(make_policy(rita))
    slow = Escalation.claim(NOW)
    later = at(2)
    assert engine.take_due(later)

    with pytest.raises(Overtaken):
        engine.take(slow, later)

    assert len(told(incident)) == 1 and len(mails()) == 1


def test_who_acknowledges_while_a_step_is_in_hand_stops_it(rita):
    incident = opened(make_policy(rita))
    claimed = Escalation.claim(NOW)
    incident.acknowledge(by=rita, at=NOW)

    with pytest.raises(Overtaken):
        engine.take(claimed, NOW)

    assert not Call.objects.exists() and not mails()


def test_who_made_it_worse_is_not_called_for_that(rita, paul):
    incident = opened(make_policy(rita, paul), level=3)
    incident.acknowledge(by=rita, at=NOW)
    incident.change_severity(severity(1), by=rita, at=at(1))

    work(at(1))

    assert told(incident) == [
        (1, "Shop, tier 1, step 1: Rita Responder (raised the severity). It was skipped."),
        (1, "Shop, tier 1, step 2: Paul Approver"),
    ]
    assert mails() == [("paul", "high")]


def test_who_is_alone_is_called_also_then(rita):
    incident = opened(make_policy(rita), level=3)
    incident.acknowledge(by=rita, at=NOW)
    incident.change_severity(severity(1), by=rita, at=at(1))

    work(at(1))

    assert told(incident) == [(1, "Shop, tier 1, step 1: Rita Responder")]
