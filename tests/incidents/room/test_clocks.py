"""Clocks that run out: people are reminded, told, and called; once, however many engines run."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.clocks.reminders import miss, remind, tell_late
from incidents.models import Clock, Escalation
from portal.notifications.models import Delivery
from tests.incidents.world import declare, make_policy, make_service

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def at(minutes: float):
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def checkout(olga):
    return make_service(policy=make_policy(olga))


def everything(unit, now) -> int:
    """How many units there were."""
    count = 0
    while unit(now):
        count += 1
    return count


def told(kind: str) -> list[str]:
    return sorted(Delivery.objects.filter(key__contains=kind).values_list("subject", flat=True))


def test_it_reminds_before_and_tells_after(rita, checkout):
    incident = declare(rita, services=[checkout], at=NOW)

    assert everything(remind, at(3)) == 0
    assert everything(remind, at(4)) == 1  # of five minutes, one is left
    assert everything(miss, at(4.9)) == 0
    assert everything(miss, at(5)) == 1

    texts = [each.text for each in incident.entries.of_kinds("clock")]
    assert texts == ["Acknowledge is late"]
    assert {each.split(":")[0].split()[-1] for each in told("-soon")} == {"soon"}
    assert all("late" in each for each in told("-late")) and told("-late")


def test_what_was_told_is_not_told_again(rita, checkout):
    declare(rita, services=[checkout], at=NOW)

    assert everything(miss, at(30)) == 3
    assert everything(miss, at(31)) == 0
    assert everything(remind, at(31)) == 3
    assert told("-soon") == []  # it is late already


def test_what_is_done_in_time_is_not_told(rita, checkout):
    incident = declare(rita, services=[checkout], at=NOW)
    incident.acknowledge(by=rita, at=at(2))
    Clock.objects.meet(incident, "notice", at=at(5))

    assert everything(miss, at(15)) == 0
    incident.resolve(by=rita, at=at(16))
    assert everything(miss, at(60)) == 0


def test_when_nobody_has_it_and_nobody_is_called_they_are_called_again(rita, checkout):
    incident = declare(rita, services=[checkout], at=NOW)
    Escalation.objects.stop(incident, at=at(1))

    miss(at(5))

    assert Escalation.objects.running().get().due_at == at(5)
    assert incident.entries.of_kinds("escalated").get().text == "Nobody has acknowledged it."


def test_while_somebody_has_it_nobody_is_called(rita, checkout):
    incident = declare(rita, services=[checkout], at=NOW)
    incident.acknowledge(by=rita, at=at(1))

    assert everything(miss, at(30)) == 2
    assert not Escalation.objects.running().exists()


def test_a_review_is_due_after_the_end(rita, checkout):
    incident = declare(rita, level=1, services=[checkout], at=NOW)
    incident.resolve(by=rita, at=NOW)

    assert everything(remind, at(2.5 * 24 * 60)) == 1
    assert everything(miss, at(3 * 24 * 60)) == 1
    assert incident.entries.of_kinds("clock").get().text == "Review is late"


def test_of_two_engines_that_look_at_once_one_tells(rita, checkout):
    declare(rita, services=[checkout], at=NOW)
    first, second = (Clock.objects.to_miss(at(5)).get() for _ in range(2))

    assert tell_late(first, at(5)) and not tell_late(second, at(5))

    assert first.incident.entries.of_kinds("clock").count() == 1
    late = Delivery.objects.filter(key__contains="-late")
    assert late.values("key", "recipient").distinct().count() == late.count() > 0
