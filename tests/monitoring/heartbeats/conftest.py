"""A heartbeat, and what clients send to it."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.monitoring.models import Call, Heartbeat, Instance

AT = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def backup(db):
    """Every hour, with ten minutes of grace."""
    return Heartbeat.objects.make("Nightly backup", at=AT, every=HOUR, grace=10 * MINUTE)


@pytest.fixture
def take():
    """Let an instance of a heartbeat report: take(heartbeat, at, signal="start")."""

    def take(heartbeat, at, *, instance="", **call):
        row, _ = heartbeat.instances.get_or_create(name=instance)
        return Instance.objects.for_writing().get(pk=row.pk).take(Call(**call), at=at)

    return take


@pytest.fixture
def state():
    """How a heartbeat stands at a time."""

    def state(heartbeat, at):
        return Heartbeat.objects.standing(at).get(pk=heartbeat.pk).state

    return state
