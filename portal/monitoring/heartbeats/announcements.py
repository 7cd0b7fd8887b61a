"""A heartbeat that is down is an alert, from its flip until the one that ends it.

A flip is stored with the state; what has to be said of it is said once by an engine, however many
there are: the mark on the flip, the alert and the messages are one transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format

from portal.core.data import clock, crash_points
from portal.core.web.address import absolute
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Alert, Flip, Heartbeat, HeartbeatState, Instance

SOURCE = "heartbeats"  # whose fingerprints they are
CANDIDATES = 16  # read at once: of several engines that want the same one, the others go on
ABOUT = ("instance", "heartbeat__service", "heartbeat__runbook")


def announce(now: datetime) -> bool:
    """Let one flip begin or end its alert; False if there is none."""
    rows = Flip.objects.unannounced().select_related(*ABOUT)[:CANDIDATES]
    return any(_announced(flip, now) for flip in rows)


@transaction.atomic
def _announced(flip: Flip, now: datetime) -> bool:
    if not Flip.objects.unannounced().filter(pk=flip.pk).update(announced_at=now):
        return False  # another engine did
    crash_points.reach("announced")
    _store(flip.heartbeat, _reports(flip), now)
    return True


def _reports(flip: Flip) -> list[Report]:
    if flip.instance is None:  # it was paused or resumed as a whole: only a success ends an alert
        return []
    if flip.after == HeartbeatState.DOWN:
        return [_began(flip)]
    fingerprint = fingerprint_of(flip.instance)
    return [_end(fingerprint, flip.heartbeat, flip.at, since=Flip.objects.began(flip))]


def _store(heartbeat: Heartbeat, reports: list[Report], at: datetime) -> None:
    take(reports, source=SOURCE, at=at, team=heartbeat.owner_id)


def _began(flip: Flip) -> Report:
    heartbeat: Any = flip.heartbeat
    instance: Any = flip.instance
    labels = {"heartbeat": heartbeat.slug, "instance": instance.name}
    labels |= {"service": heartbeat.service.slug} if heartbeat.service else {}
    runbook = heartbeat.runbook
    return Report(
        fingerprint=fingerprint_of(instance),
        name=heartbeat.name,
        is_firing=True,
        starts_at=flip.at,
        labels={name: value for name, value in labels.items() if value},
        annotations={"summary": f"{flip.get_reason_display()}. {_last(instance)}"},
        generator_url=absolute(heartbeat.get_absolute_url()),
        runbook_url=absolute(runbook.get_absolute_url()) if runbook else "",
    )


def _last(instance: Instance) -> str:
    if instance.last_ping_at is None:
        return "It never reported the end of a run."
    return f"Its last run ended at {date_format(instance.last_ping_at, 'j M Y, H:i')} UTC."


def fingerprint_of(instance: Instance) -> str:
    return f"{instance.heartbeat_id}/{instance.name}"


def firing_of(heartbeat: Heartbeat):
    """What fires because of it."""
    return Alert.objects.firing().filter(source=SOURCE, fingerprint__startswith=f"{heartbeat.pk}/")


def _ends(alerts: Iterable[Alert], at: datetime) -> list[Report]:
    return [
        Report(each.fingerprint, each.name, False, ends_at=at, is_described=False)
        for each in alerts
    ]


def _end(fingerprint: str, heartbeat: Heartbeat, at: datetime, since: datetime | None) -> Report:
    """With the start that it ends: whichever of both is stored first, it is over."""
    return Report(
        fingerprint, heartbeat.name, False, starts_at=since, ends_at=at, is_described=False
    )


# What is gone has no alert


@transaction.atomic
def remove(heartbeat: Heartbeat, *, by) -> None:
    """Delete it with all its pings; what fires because of it is over."""
    at = clock.now()
    _store(heartbeat, _ends(firing_of(heartbeat), at), at)
    heartbeat.remove(by=by)


@transaction.atomic
def forget(heartbeat: Heartbeat, instance: Instance, *, by) -> None:
    """Wait for an instance no longer; what fires because of it is over."""
    at = clock.now()
    alerts = firing_of(heartbeat).filter(fingerprint=fingerprint_of(instance))
    _store(heartbeat, _ends(alerts, at), at)
    heartbeat.forget(instance, by=by)
