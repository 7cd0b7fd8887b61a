"""Alerts are muted and called for again as silences, windows and what they need come and go.

`settle` may run at any time, in any number of engines: each change is made once, under a lock, and
whoever makes it tells of it in the same transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Window
from django.db.models.functions import RowNumber

from portal.core.data import crash_points
from portal.core.data.queries import update_rows
from portal.monitoring import notices
from portal.monitoring.models import Alert, MutedBy, Muting

from .causes import COLUMNS, Cause, Causes
from .dependencies import Needs, services_of


def settle(at: datetime) -> bool:
    """Mute what is to be muted now, and announce what still fires and is muted no longer, unless
    somebody has acknowledged it.

    Says whether anything changed.
    """
    if not _pending(at):
        return False
    with transaction.atomic():
        return _settled(at)


def _pending(at: datetime) -> bool:
    """Whether anything differs from how it is to be; without a lock."""
    if Alert.objects.resolved().exclude(muted_by="").exists():
        return True
    firing = list(_firing())
    open_ones = {row.alert_id: row.cause for row in Muting.objects.open()}
    wanted = Causes(at).of(firing, firing) if firing else {}
    return open_ones != {pk: cause.key for pk, cause in wanted.items()}


def _firing():
    rows = Alert.objects.firing().select_related("service").order_by("pk")
    return rows.only(*COLUMNS)


def _settled(at: datetime) -> bool:
    """Under the lock of all that fires, so that another engine finds nothing left to do."""
    firing = list(_firing().select_for_update(of=("self",)))
    wanted = Causes(at).of(firing, firing)
    known = {row.alert_id: row for row in Muting.objects.open().select_related("alert")}
    new = [each for each in firing if each.pk in wanted and each.pk not in known]
    freed = [each for each in firing if each.pk in known and each.pk not in wanted]
    moved = [
        each
        for each in firing
        if each.pk in known and each.pk in wanted and known[each.pk].cause != wanted[each.pk].key
    ]
    fires = {each.pk for each in firing}
    # What began to fire meanwhile is none of those that are locked, and none that is over.
    over = [row for pk, row in known.items() if pk not in fires and not row.alert.is_firing]
    _close([known[each.pk] for each in [*moved, *freed]] + over, at)
    mute([*new, *moved], wanted, at)
    _announce([known[each.pk] for each in freed])
    crash_points.reach("muted")
    return bool(new or freed or moved or over)


def mute(alerts: Sequence[Alert], causes: dict[int, Cause], at: datetime) -> None:
    """Note what mutes them from now on; they have a key."""
    if not alerts:
        return
    Muting.objects.bulk_create(causes[each.pk].muting(each, at) for each in alerts)
    for each in alerts:
        each.muted_by = causes[each.pk].by
    update_rows(Alert, alerts, ("muted_by",))


def mute_new(alerts: Sequence[Alert], at: datetime) -> list[Alert]:
    """Of alerts that begin to fire at this moment: mute what is to be muted, return the others.

    A few queries for any number of them.
    """
    fresh = [each for each in alerts if not each.muted_by]
    if not fresh:
        return []
    needs = Needs.all() if services_of(fresh) else Needs([])
    found = Causes(at).of(fresh, [*_above(fresh, needs), *fresh], needs)
    mute([each for each in fresh if each.pk in found], found, at)
    return [each for each in fresh if each.pk not in found]


def _above(fresh: Sequence[Alert], needs: Needs) -> list[Alert]:
    """What these may stand under: of each service that theirs need, and each severity, the oldest
    that is neither silenced nor in maintenance. Nothing else that fires is read.
    """
    needed = {each for service in services_of(fresh) for each in needs.of(service)}
    if not needed:
        return []
    rank = Window(RowNumber(), partition_by=["service", "severity"], order_by=["starts_at", "pk"])
    loud = Alert.objects.firing().filter(muted_by__in=("", MutedBy.DEPENDENCY))
    others = loud.exclude(pk__in=[each.pk for each in fresh]).order_by()
    # All services: to look for those that are needed takes what is over, too.
    oldest = others.annotate(place=rank).filter(place=1).values_list("pk", "service_id")
    keys = [pk for pk, service in oldest if service in needed]
    return list(_firing().filter(pk__in=keys)) if keys else []


def unmute_resolved(alerts: Iterable[Alert], at: datetime) -> None:
    """What is over needs no muting any more."""
    muted = [each for each in alerts if each.muted_by]
    if muted:
        _close(list(Muting.objects.open().filter(alert__in=muted)), at)
        for each in muted:
            each.muted_by = ""


def _close(rows: list[Muting], at: datetime) -> None:
    keys = [row.pk for row in rows]
    if keys:
        Muting.objects.open().filter(pk__in=keys).update(ended_at=at)
        Alert.objects.filter(pk__in=[row.alert_id for row in rows]).update(muted_by="")


def _announce(rows: list[Muting]) -> None:
    """At once, not at the next repeat, and once: the key is that of the muting.

    What is acknowledged calls nobody again: somebody has it in hand.
    """
    if not rows:
        return
    found = {row.alert_id: row for row in rows}
    waiting = Alert.objects.filter(pk__in=found, acknowledged_at=None)
    loaded = waiting.select_related("service", "runbook", "intake")
    alerts = list(loaded.order_by("intake", "pk"))
    for intake, group in groupby(alerts, key=lambda each: each.intake):
        notices.still_fire(list(group), found, intake=intake)
    update_rows(Alert, alerts, ("told",))
    update_rows(Muting, rows, ("told_key",))
