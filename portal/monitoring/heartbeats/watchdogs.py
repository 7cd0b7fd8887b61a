"""Alertmanager's Watchdog always fires: each delivery of it is a ping, and its silence an alert."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction

from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Call, Heartbeat, Instance, Intake, Signal
from portal.search import index

FIRST_PERIOD, SHORTEST_PERIOD = timedelta(hours=4), timedelta(minutes=5)
GRACE = timedelta(minutes=5)
LEARNT_FROM = 4  # deliveries


@transaction.atomic
def report(intake: Intake, reports: Iterable[Report], *, at: datetime) -> None:
    """Of a delivery with the Watchdog in it; that it is resolved says that its rule is gone."""
    fires = any(each.is_firing for each in reports if each.name == intake.watchdog)
    heartbeat = Heartbeat.objects.filter(intake=intake).first() or _made(intake, at)
    row, _ = heartbeat.instances.get_or_create(name="")
    instance = Instance.objects.for_writing().get(pk=row.pk)
    instance.take(Call(signal=Signal.SUCCESS if fires else Signal.FAIL, method="POST"), at=at)
    _learn(instance)


def _made(intake: Intake, at: datetime) -> Heartbeat:
    """On first sight, with the repeat interval that Alertmanager has if nobody says another."""
    return Heartbeat.objects.make(
        f"{intake.watchdog} of {intake.name}"[:120],
        at=at,
        intake=intake,
        owner=intake.default_team,
        service=intake.default_service,
        every=FIRST_PERIOD,
        grace=GRACE,
    )


def _learn(instance: Instance) -> None:
    """Expect it twice as rarely as it came lately, until somebody says how often it comes."""
    heartbeat = instance.heartbeat
    times = list(instance.signs.order_by("-n").values_list("at", flat=True)[:LEARNT_FROM])
    if heartbeat.revision or len(times) < LEARNT_FROM:
        return
    gaps = [later - earlier for later, earlier in pairwise(times)]
    every = max(2 * max(gaps), SHORTEST_PERIOD)
    if not heartbeat.every or abs(every - heartbeat.every) < heartbeat.every / 2:
        return
    Heartbeat.objects.filter(pk=heartbeat.pk, revision=0).update(every=every)
    index.put(heartbeat)
    heartbeat.every = every
    instance.schedule()
    instance.save(update_fields=["expected_at", "down_at"])
