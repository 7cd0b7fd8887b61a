"""A rule of Prometheus fires: an incident opens, and somebody hears of it and answers."""

import pytest
from django.utils import timezone

from incidents.models import Incident
from incidents.opening import endings
from incidents.opening.alerts import Opening
from portal.accounts.models import User
from portal.monitoring.models import Alert, Intake
from portal.notifications.jobs import deliver
from tests.incidents.world import make_service
from tests.monitoring.conftest import answering, listening  # noqa: F401
from tests.monitoring.test_real_tools import disk, start, until, watch  # noqa: F401
from tests.notifications.conftest import mailbox  # noqa: F401
from tests.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def engine() -> None:
    """All that is due, as the engine does it."""
    opening = Opening()
    while opening(timezone.now()) | endings.follow(timezone.now()) | deliver(timezone.now()):
        pass


def test_an_alert_becomes_an_incident_that_somebody_acknowledges(
    need,
    tmp_path,
    listening,  # noqa: F811
    disk,  # noqa: F811
    start,  # noqa: F811
    mailbox,  # noqa: F811
    api,
):
    olga = make_person("olga", "operator")
    User.objects.filter(pk=olga.pk).update(email="olga@example.org")
    make_service("orders")
    answering("DiskFillsUp", by=make_person("ada", "author"), approver=make_person("pia", "author"))
    intake, key = Intake.objects.make("Prometheus", "alertmanager")
    watch(need, start, tmp_path, disk, intake, key)

    disk.free = 2
    until(Alert.objects.firing().first, "it fires")
    engine()
    incident = Incident.objects.get()
    assert (incident.title, incident.level) == ("2 % is free", 2)
    assert incident.runbook_version.runbook.slug == "disk-fills-up"
    mine = [each for each in mailbox.messages if incident.name in each["Subject"]]
    assert mine and "olga@example.org" in mine[0]["To"]

    path = f"/api/v1/incidents/{incident.pk}/acknowledge/"
    answer = api(olga, HTTP_HOST="127.0.0.1").post(path, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["acknowledged_by"] == "olga"

    disk.free = 50
    until(Alert.objects.resolved().first, "it is over")
    engine()
    texts = [each.text for each in incident.entries.of_kinds("alert")]
    assert texts == ["Fires: DiskFillsUp", "Over: DiskFillsUp", "All of its alerts are over."]
