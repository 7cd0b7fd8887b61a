"""Silences, windows, and what the engine does with them, at times that are arguments."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Alert
from portal.notifications.models import Delivery

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def after(**span) -> datetime:
    return AT + timedelta(**span)


def matcher(name, operator, value) -> dict:
    return {"name": name, "operator": operator, "value": value}


@pytest.fixture
def at():
    return AT


@pytest.fixture
def service(db, rita):
    """Make a service; Rita is in the team that owns all of them."""
    team = Team.objects.create(slug="shop", name="Shop")
    team.members.add(rita)

    def make(slug):
        return Service.objects.get_or_create(slug=slug, defaults={"name": slug, "owner": team})[0]

    return make


@pytest.fixture
def fire(service):
    """Report an alert of a service: it fires, or is over."""

    def report(name="DiskFillsUp", of="orders", *, at=AT, over=False, severity="", **labels):
        row = Report(
            fingerprint=f"{name}-{of}",
            name=name,
            is_firing=not over,
            starts_at=None if over else at,
            ends_at=at if over else None,
            ends_all=over,
            labels={"alertname": name, **({"service": service(of).slug} if of else {}), **labels},
            severity=severity,
        )
        take([row], source="tool", at=at)
        found = Alert.objects.filter(source="tool", fingerprint=row.fingerprint)
        return found.order_by("-starts_at").first()

    return report


@pytest.fixture
def told():
    """The subjects of all messages so far, each once, in their order."""

    def subjects():
        found = Delivery.objects.order_by("pk").values_list("key", "subject")
        return [subject for _, subject in dict.fromkeys(found)]

    return subjects


@pytest.fixture
def counted_queries():
    def count(client, address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count
