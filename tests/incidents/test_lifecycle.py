"""From the opening of an incident to its end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.models import Clock, Escalation, Incident
from incidents.problems import WrongState
from portal.core.problems import Refused
from portal.search.models import Entry as Found

from .world import declare, make_policy, make_service, severity

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def at(minutes: float):
    return NOW + timedelta(minutes=minutes)


def kinds(incident) -> list[str]:
    return [each.kind for each in incident.entries.all()]


def running(incident) -> dict:
    rows = incident.clocks.running()
    return {each.kind: (each.due_at - NOW) / timedelta(minutes=1) for each in rows}


@pytest.fixture
def policy(rita, olga):
    return make_policy(rita, olga)


@pytest.fixture
def checkout(policy):
    return make_service(policy=policy)


def test_it_freezes_what_it_goes_by_and_starts_clocks_and_calls(rita, checkout, policy):
    incident = declare(rita, services=[checkout], at=NOW)

    policy.steps.all().delete()
    severity(2).change({"update_minutes": 5}, by=rita)
    incident.refresh_from_db()
    assert incident.terms["update_minutes"] == 20
    assert [len(stage["steps"]) for stage in incident.plan] == [2]
    assert running(incident) == {"acknowledge": 5, "notice": 10, "update": 20}
    assert incident.holder("commander") == rita
    assert incident.escalations.get().due_at == NOW
    assert kinds(incident) == ["declared"]


def test_the_same_request_declares_once(rita):
    first = declare(rita, request_key="abc")

    assert declare(rita, request_key="abc", title="Again") == first
    assert Incident.objects.count() == 1


def test_who_acknowledges_stops_the_calls_once(rita, olga, checkout):
    incident = declare(None, services=[checkout], at=NOW)

    assert incident.acknowledge(by=olga, at=at(2))
    assert not incident.acknowledge(by=rita, at=at(3))

    assert not Escalation.objects.running().exists()
    assert incident.acknowledged_by == olga and incident.holder("commander") == olga
    assert Clock.objects.get(kind="acknowledge").state(at(9)) == "met"
    assert incident.idle_at == at(62)


def test_what_is_acknowledged_and_idle_calls_again(rita, checkout):
    incident = declare(rita, level=1, services=[checkout], at=NOW)
    incident.acknowledge(by=rita, at=NOW)
    incident.note("Looking", by=rita, at=at(20))

    assert not Incident.objects.idle(at(49)).exists()
    assert Incident.objects.idle(at(50)).get().call_again(at=at(50))
    assert not incident.call_again(at=at(51))
    assert Escalation.objects.running().get().due_at == at(50)


def test_it_goes_from_one_state_to_the_next_and_says_so(rita, checkout):
    incident = declare(rita, services=[checkout], at=NOW)

    assert incident.identify(by=rita, text="The disk", at=at(5))
    assert incident.mitigate(by=rita, at=at(6)) and not incident.mitigate(by=rita, at=at(7))
    assert incident.resolve(by=rita, text="More disk", at=at(8))
    assert not incident.resolve(by=rita, at=at(9))
    assert incident.close(by=rita, at=at(10)) and not incident.close(by=rita, at=at(11))

    texts = [each.text for each in incident.entries.filter(kind="state")]
    assert texts == ["Identified: The disk", "Monitoring", "Resolved: More disk", "Closed"]
    assert (incident.mitigated_at, incident.resolved_at) == (at(6), at(8))
    assert incident.outcome == "More disk" and not running(incident)


def test_what_is_resolved_calls_nobody_and_a_review_is_due(rita, checkout):
    incident = declare(rita, level=1, services=[checkout], at=NOW)

    incident.resolve(by=rita, at=NOW)

    assert not Escalation.objects.running().exists()
    assert running(incident) == {"review": 3 * 24 * 60}


def test_what_comes_back_calls_again(rita, checkout):
    incident = declare(rita, services=[checkout], at=NOW)
    incident.acknowledge(by=rita, at=NOW)
    incident.mitigate(by=rita, at=at(4))
    incident.resolve(by=rita, text="Restarted", at=at(5))

    assert incident.reopen(by=rita, reason="It came back", at=at(6))
    assert not incident.reopen(by=rita, reason="It came back", at=at(6))

    assert running(incident) == {"acknowledge": 11, "update": 26}
    assert incident.acknowledged_at is None and Escalation.objects.running().exists()
    assert (incident.mitigated_at, incident.outcome) == (None, "")
    assert Found.objects.get(kind="incident", key=incident.pk).line == ""


def test_a_worse_severity_starts_its_clocks_and_calls_again(rita, checkout):
    incident = declare(rita, level=3, services=[checkout], at=NOW)
    incident.acknowledge(by=rita, at=NOW)

    assert incident.change_severity(severity(1), by=rita, reason="All of it", at=at(10))
    assert not incident.change_severity(severity(1), by=rita, at=at(11))

    assert running(incident) == {"acknowledge": 15, "notice": 15, "update": 30}
    assert Escalation.objects.running().exists()
    assert incident.entries.get(kind="severity").text == "SEV3 to SEV1: All of it"


def test_a_worse_one_is_acknowledged_again_also_where_nobody_was_called(rita, olga):
    incident = declare(rita, level=3, at=NOW)
    incident.acknowledge(by=rita, at=NOW)
    incident.change_severity(severity(1), by=rita, at=at(10))

    assert incident.acknowledge(by=olga, at=at(11))
    assert not incident.acknowledge(by=olga, at=at(12))

    assert "acknowledge" not in running(incident) and incident.acknowledged_by == rita


def test_a_ticket_calls_nobody_until_it_is_worse(rita, checkout):
    incident = declare(rita, level=5, services=[checkout], at=NOW)
    assert not Escalation.objects.exists() and running(incident) == {}

    incident.change_severity(severity(2), by=rita, at=at(1))

    assert Escalation.objects.running().exists()
    assert running(incident) == {"acknowledge": 6, "notice": 11, "update": 21}


def test_a_merged_one_gives_what_it_has_to_the_other(rita, olga, checkout):
    kept, double = declare(rita, at=NOW), declare(olga, services=[checkout], at=NOW)

    assert double.merge(kept, by=rita, at=at(1))
    assert not double.merge(kept, by=rita, at=at(2))

    assert double.state == "closed" and double.merged_into == kept
    assert [*kept.services.all()] == [checkout]
    assert kept.participants.filter(person=olga).exists()
    for one, other in ((double, declare(rita)), (declare(rita), double)):
        with pytest.raises(WrongState, match="merge the one that has its alerts"):
            one.merge(other, by=rita)
    with pytest.raises(WrongState):
        double.reopen(by=rita, reason="x")
    with pytest.raises(Refused):
        kept.merge(kept, by=rita)


@pytest.mark.parametrize("verb", ["acknowledge", "mitigate", "identify", "escalate"])
def test_what_is_over_is_reopened_before_anything_else(rita, checkout, verb):
    incident = declare(rita, services=[checkout], at=NOW)
    incident.resolve(by=rita, at=NOW)

    with pytest.raises(WrongState, match="reopen it"):
        getattr(incident, verb)(by=rita, at=NOW)


def test_nobody_closes_what_goes_on_without_a_reason(rita):
    incident = declare(rita)

    with pytest.raises(Refused, match="Say why"):
        incident.close(by=rita)


def test_how_it_ended_stays_when_it_is_closed(rita):
    incident = declare(rita)
    incident.resolve(by=rita, text="Restarted the gateway")
    incident.close(by=rita, text="Nothing is left")

    assert incident.outcome == "Restarted the gateway"
    assert incident.entries.newest_first()[0].text == "Closed: Nothing is left"
    incident.reopen(by=rita, reason="Again")
    incident.close(by=rita, text="It was a test")
    assert incident.outcome == "It was a test"


def test_an_incident_that_calls_nobody_says_so_at_once(rita, olga, mailoutbox):
    incident = declare(rita)

    assert kinds(incident) == ["declared", "nobody_answered"]
    deliveries = olga.deliveries.filter(key__startswith="incidents-nobody")
    assert deliveries.exists()
