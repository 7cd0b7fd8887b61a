"""An incident from a run that failed."""

import pytest

from incidents.models import Incident
from incidents.opening.runs import from_run
from runbooks.models import Run
from tests.incidents.world import declare

HOST = {"host": "db1"}

pytestmark = pytest.mark.django_db


def test_it_has_the_run_and_its_runbook(disk, rita):
    run = Run.objects.start(disk, by=rita, parameters=HOST)

    incident = from_run(run, rita)

    assert (incident.level, incident.source) == (3, "run")
    assert incident.incident_runs.get().run == run
    assert incident.runbook_version == disk.published and incident.holder("commander") == rita
    assert from_run(run, rita) == incident and Incident.objects.count() == 1


def test_a_run_of_another_incident_leads_there(disk, rita):
    run = Run.objects.start(disk, by=rita, parameters=HOST)
    first = from_run(run, rita)
    other = declare(rita)
    first.merge(other, by=rita)

    assert from_run(run, rita) == other
