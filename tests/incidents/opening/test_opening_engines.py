"""Many engines open one incident; two people who declare the same open one."""

import pytest
from django.utils import timezone

from incidents.models import Incident, IncidentAlert
from incidents.opening import endings
from incidents.opening.alerts import Opening
from tests.conftest import make_person
from tests.incidents.world import declare
from tests.monitoring.world import make_alerts
from tests.runbooks.test_concurrency import at_once

ENGINES = 6

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]


def engine(index) -> None:
    opening = Opening()
    while opening(timezone.now()) | endings.follow(timezone.now()):
        pass


def test_of_many_engines_one_opens_each_incident():
    make_alerts([*(f"A{n}" for n in range(12)), "Ended"])
    at_once(ENGINES, engine)
    engine(0)

    assert Incident.objects.count() == IncidentAlert.objects.count() == 12
    kinds = Incident.objects.first().entries.values_list("kind", flat=True)
    assert sorted(kinds) == ["alert", "declared", "nobody_answered"]


def test_a_double_click_declares_and_acknowledges_and_closes_once():
    rita = make_person("rita", "responder")

    found = at_once(ENGINES, lambda index: declare(rita, request_key="form-1").pk)
    assert len(set(found)) == Incident.objects.count() == 1

    pk = found[0]
    acknowledged = at_once(ENGINES, lambda n: Incident.objects.get(pk=pk).acknowledge(by=rita))
    closed = at_once(ENGINES, lambda n: Incident.objects.get(pk=pk).close(by=rita, text="x"))
    assert (acknowledged.count(True), closed.count(True)) == (1, 1)
    assert Incident.objects.get().entries.count() == 4


def test_of_two_commanders_one_holds_the_role():
    people = [make_person(f"p{n}", "responder") for n in range(ENGINES)]
    pk = declare(people[0]).pk

    def take(index):
        Incident.objects.get(pk=pk).assign("commander", people[index], by=people[index])

    at_once(ENGINES, take)
    rows = Incident.objects.get().assignments.filter(role="commander")
    assert rows.filter(until=None).count() == 1
