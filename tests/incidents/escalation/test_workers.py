"""Eight workers and many escalations that are due: each step is taken once."""

import pytest
from django.db import OperationalError

from incidents.escalation import engine
from incidents.models import Call, Entry, Escalation
from portal.notifications.models import Delivery
from tests.conftest import make_person
from tests.incidents.world import declare, make_policy, make_service
from tests.runbooks.test_concurrency import at_once

from .conftest import NOW

WORKERS, INCIDENTS = 8, 60

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("shared_database")]


def work(index: int) -> int:
    done = 0
    while True:
        try:
            if not engine.take_due(NOW):
                return done
            done += 1
        except OperationalError:  # SQLite was busy for too long: as the engine, go on
            continue


def test_each_is_called_once(shared_database):
    rita, paul = make_person("rita", "responder"), make_person("paul", "approver")
    for person in (rita, paul):
        person.email = f"{person.username}@example.org"
        person.save()
    service = make_service(policy=make_policy(rita, paul))
    for _ in range(INCIDENTS):
        declare(None, services=[service], at=NOW)

    at_once(WORKERS, work)

    assert Call.objects.count() == Delivery.objects.count() == INCIDENTS
    assert Entry.objects.filter(kind="called").count() == INCIDENTS
    assert {*Escalation.objects.values_list("step", "turn", "lease_until")} == {(1, 1, None)}
