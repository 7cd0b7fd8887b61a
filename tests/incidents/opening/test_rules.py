"""Rules: which alerts open what; made, changed, moved and removed by operators."""

import pytest
from django.core.exceptions import ValidationError

from incidents.models import Incident, IncidentRule
from portal.core.problems import Stale
from tests.incidents.world import make_policy, make_service

from .conftest import at, report

pytestmark = pytest.mark.django_db


def matching(**labels: str) -> list[dict]:
    return [{"name": n, "operator": "=~", "value": v} for n, v in labels.items()]


def make_rule(name="Rule", **fields) -> IncidentRule:
    fields.setdefault("matchers", matching(alertname=".+"))
    return IncidentRule.objects.make(by=fields.pop("by", None), name=name, **fields)


def names() -> list[str]:
    return [row.name for row in IncidentRule.objects.all()]


def test_the_first_rule_that_matches_decides(rita, come, engine):
    shop = make_service("shop", policy=make_policy(rita))
    policy = make_policy(rita, name="Night shift")
    make_rule("Quiet", matchers=matching(alertname="Slow"), action="nothing")
    rule = make_rule(service=shop, level=3, policy=policy, group_by=["cluster"])
    come(report("Slow"), report("A", cluster="x"), report("B", cluster="x"))
    come(report("A", cluster="y"), minutes=1)
    engine(1)

    first, second = Incident.objects.order_by("pk")
    assert (first.rule, first.level, first.policy, first.owner) == (rule, 3, policy, None)
    assert [*first.services.all()] == [shop]
    assert (first.incident_alerts.count(), second.incident_alerts.count()) == (2, 1)
    assert not Incident.objects.filter(incident_alerts__name="Slow").exists()


@pytest.mark.parametrize(
    ("word", "level"), [("critical", 2), ("warning", 4), ("info", 5), ("", 4), ("huge", 1)]
)
def test_the_word_of_an_alert_says_how_bad_it_is(come, engine, word, level):
    make_rule(levels={"huge": 1})
    come(report("A", severity=word))
    engine()

    assert Incident.objects.get().level == level


def test_a_ticket_calls_nobody_and_ends_with_its_alerts(come, engine):
    make_rule(action="ticket")
    come(report("A", key="a"))
    engine()
    ticket = Incident.objects.get()
    assert ticket.level == 5 and not ticket.escalations.exists()

    come(report("A", key="a", fires=False), minutes=1)
    engine(1)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("resolved", "All of its alerts are over.")


def test_what_a_rule_did_not_match_is_looked_at_when_rules_change(come, engine):
    come(report("A", severity="warning"))
    engine()
    rule = make_rule(is_active=False)
    engine(1)
    assert not Incident.objects.exists()

    rule.change({"is_active": True}, by=None)
    engine(2)
    assert Incident.objects.get().level == 4


def test_an_archived_policy_calls_nobody(rita, come, engine):
    policy = make_policy(rita, archived_at=at(0))
    make_rule(policy=policy)
    come(report("A"))
    engine()

    assert Incident.objects.get().policy is None


def test_they_are_moved_and_removed(olga):
    for name in "abc":
        make_rule(name, by=olga)
    third = IncidentRule.objects.get(name="c")

    assert third.move(1, by=olga) and names() == ["c", "a", "b"]
    assert not third.move(1, by=olga)
    assert third.move(99, by=olga) and names() == ["a", "b", "c"]
    third.remove(by=olga)
    assert names() == ["a", "b"]


def test_two_operators_are_told_of_each_other(olga):
    rule = make_rule()
    rule.change({"name": "Mine"}, by=olga, based_on=0)

    with pytest.raises(Stale):
        rule.change({"name": "Yours"}, by=olga, based_on=0)
    with pytest.raises(Stale):
        rule.remove(by=olga, based_on=0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"matchers": []}, "matchers"),
        ({"matchers": matching(alertname=".*")}, "matchers"),
        ({"matchers": matching(alertname="(")}, "matchers"),
        ({"levels": {"critical": 6}}, "levels"),
        ({"levels": {"Critical": 1}}, "levels"),
        ({"levels": {"critical": True}}, "levels"),
        ({"group_by": [""]}, "group_by"),
        ({"group_by": "team"}, "group_by"),
        ({"level": 0}, "level"),
        ({"action": "page"}, "action"),
        ({"name": "a\u202e"}, "name"),
        ({"name": ""}, "name"),
    ],
)
def test_it_refuses_what_cannot_be_followed(wrong, field):
    with pytest.raises(ValidationError) as refused:
        make_rule(**wrong)

    assert field in refused.value.message_dict
