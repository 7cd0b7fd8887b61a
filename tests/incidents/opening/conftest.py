"""Alerts that come, and the engine that opens incidents for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.opening import endings
from incidents.opening.alerts import Opening
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Alert, Intake
from tests.runbooks.conftest import disk, publish  # noqa: F401

NOW = timezone.now()


def at(minutes: float):
    return NOW + timedelta(minutes=minutes)


def report(name: str, *, fires=True, key="", began=0.0, ends=None, **labels: str) -> Report:
    labels = {"alertname": name, "severity": "critical"} | labels
    return Report(
        fingerprint=key or "-".join(labels.values()),
        name=name,
        is_firing=fires,
        starts_at=at(began),
        ends_at=None if fires else at(began + 1 if ends is None else ends),
        labels=labels,
        severity=labels["severity"],
    )


@pytest.fixture
def intake(db):
    return Intake.objects.make("Ours", "alertmanager")[0]


@pytest.fixture
def come(intake):
    """Alerts come: `come(report("DiskFull"), minutes=1)`."""

    def come(*reports: Report, minutes: float = 0) -> list[Alert]:
        take(reports, source=intake.source, at=at(minutes), intake=intake)
        return list(Alert.objects.filter(intake=intake).order_by("pk"))

    return come


@pytest.fixture
def engine():
    """Let the engine do all that is due."""
    opening = Opening()

    def engine(minutes: float = 0) -> None:
        while opening(at(minutes)) | endings.follow(at(minutes)):
            pass

    engine.opening = opening
    return engine
