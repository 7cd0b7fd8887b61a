"""`state` of silences, windows, plans, intakes and heartbeats: the member and the filter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.monitoring.models import Heartbeat, Intake, Maintenance, Silence, Window
from portal.monitoring.muting import verbs

from .conftest import matcher

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def listed(api, olga):
    """The states that a list answers with, in order of their words."""
    program = api(olga)

    def states(address):
        answer = program.get(f"/api/v1/{address}")
        assert answer.status_code == 200, answer.content
        return sorted(row["state"] for row in answer.json()["results"])

    return states


def test_silences(listed, rita):
    now = timezone.now()
    for begins in (-2 * HOUR, timedelta(), HOUR):
        at = now + min(begins, timedelta())
        about = {"starts_at": now + begins, "ends_at": now + begins + HOUR, "reason": "x"}
        Silence.objects.make([matcher("a", "=", "b")], by=rita, at=at, **about)

    assert listed("silences/") == listed("silences/?state=all") == ["active", "past", "upcoming"]
    assert listed("silences/?state=past&state=upcoming") == ["past", "upcoming"]


def test_windows_and_plans(listed, rita):
    now = timezone.now()

    def plan(begins, at=now):
        about = {"title": "x", "duration": HOUR, "is_for_all": True, "services": []}
        return Maintenance.objects.plan(by=rita, at=at, starts_at=now + begins, **about)

    plan(-2 * HOUR, now - 2 * HOUR)
    plan(timedelta())
    plan(HOUR)
    verbs.cancel(plan(2 * HOUR), by=rita)
    every = ["active", "cancelled", "past", "upcoming"]

    assert listed("maintenance/") == every
    assert listed("maintenance-windows/") == listed("maintenance-windows/?state=all") == every
    for state in every:
        assert listed(f"maintenance-windows/?state={state}") == [state]
    assert listed("maintenance-windows/?state=past&state=cancelled") == ["cancelled", "past"]


def test_one_window(api, rita):
    about = {"title": "x", "duration": HOUR, "is_for_all": True, "services": []}
    Maintenance.objects.plan(by=rita, starts_at=timezone.now(), **about)
    pk = Window.objects.get().pk
    said = api(rita).get(f"/api/v1/maintenance-windows/{pk}/").json()

    assert (said["id"], said["is_for_all"], said["state"]) == (pk, True, "active")
    assert api(rita).get(f"/api/v1/maintenance-windows/{pk + 1}/").status_code == 404


def test_intakes_and_heartbeats(listed, olga):
    gone, _ = Intake.objects.make("Gone", "generic")
    gone.revoke(by=olga)
    Intake.objects.make("Ours", "generic")
    Heartbeat.objects.make("Backup", every=HOUR)

    assert listed("intakes/") == ["active", "revoked"]
    assert listed("heartbeats/?state=all") == listed("heartbeats/") == ["new"]
    assert listed("heartbeats/?state=down&state=new") == ["new"]
