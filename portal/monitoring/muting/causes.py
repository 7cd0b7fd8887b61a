"""What mutes which alerts at a time: the one place that decides it, in a few queries.

A silence or a window comes before a dependency: what it mutes is no reason to group others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from portal.monitoring.models import Alert, MutedBy, Muting, Silence, Window, matchers
from portal.monitoring.models.mutings import LONGEST_WHY

from .dependencies import Needs, grouped

COLUMNS = (
    *("pk", "source", "fingerprint", "name", "labels", "severity", "starts_at"),
    *("service__slug", "service_id", "muted_by", "told"),
)
ALL_SERVICES = None  # the key of windows that are for all


@dataclass(frozen=True)
class Cause:
    """One thing that mutes alerts."""

    by: MutedBy
    why: str
    silence: Silence | None = None
    window: Window | None = None
    under: Alert | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        """As `Muting.cause`."""
        row = self.silence or self.window or self.under
        return self.by, row.pk if row else None

    @property
    def ends_at(self) -> datetime:
        row = self.silence or self.window
        assert row is not None  # only of what has an end
        return row.ends_at

    def muting(self, alert: Alert, at: datetime) -> Muting:
        return Muting(
            alert=alert,
            by=self.by,
            why=self.why[:LONGEST_WHY],
            silence=self.silence,
            window=self.window,
            under=self.under,
            began_at=at,
            is_withheld=not alert.told,
        )


def labels_of(alert: Alert) -> dict[str, str]:
    """What matchers are compared with; of tools that lack them, the usual ones are filled in."""
    usual = {"alertname": alert.name, "severity": alert.severity}
    if alert.service:
        usual["service"] = alert.service.slug
    return {name: text for name, text in usual.items() if text} | alert.labels


class Causes:
    """What is in force at a time, read once for any number of alerts."""

    def __init__(self, at: datetime):
        self.at = at

    @cached_property
    def silences(self) -> list[Silence]:
        return list(Silence.objects.active(self.at).select_related("created_by"))

    @cached_property
    def windows(self) -> dict[int | None, list[Window]]:
        """By service; those for all under None."""
        rows = Window.objects.active(self.at).select_related("maintenance__planned_by")
        found: dict[int | None, list[Window]] = defaultdict(list)
        for row in rows.prefetch_related("maintenance__services"):
            of = row.maintenance
            for key in [ALL_SERVICES] if of.is_for_all else [each.pk for each in of.services.all()]:
                found[key].append(row)
        return found

    def of(
        self, alerts: Iterable[Alert], firing: Iterable[Alert], needs: Needs | None = None
    ) -> dict[int, Cause]:
        """What mutes each of these, by their key; `firing` is everything that fires.

        `needs`: of services, where they are known already.
        """
        alerts, firing = list(alerts), list(firing)
        found = self.with_an_end({each.pk: each for each in [*alerts, *firing]}.values())
        loud = [each for each in firing if each.pk not in found]
        for alert, root in grouped(loud, needs or Needs.load(loud)):
            found[alert.pk] = Cause(MutedBy.DEPENDENCY, f"Under {root}", under=root)
        wanted = {each.pk for each in alerts}
        return {pk: cause for pk, cause in found.items() if pk in wanted}

    def with_an_end(self, alerts: Iterable[Alert]) -> dict[int, Cause]:
        """By silences and windows; of several the one that lasts longest."""
        alerts = list(alerts)
        found: dict[int, Cause] = {}
        for alert, silence in self._silenced(alerts) if self.silences else ():
            _keep_longest(found, alert, _silenced(silence))
        for alert in alerts if self.windows else ():
            mine = self.windows.get(alert.service_id, []) if alert.service_id else []
            for window in [*mine, *self.windows.get(ALL_SERVICES, [])]:
                _keep_longest(found, alert, _in_maintenance(window))
        return found

    def _silenced(self, alerts: list[Alert]) -> Iterator[tuple[Alert, Silence]]:
        """Each alert with each silence of it; the expressions of one at a time are held ready."""
        snoozed: dict[tuple[str, str], list[Alert]] = defaultdict(list)
        for alert in alerts:
            snoozed[alert.source, alert.fingerprint].append(alert)
        labelled = [(each, labels_of(each)) for each in alerts]
        for silence in self.silences:
            if silence.is_snooze:
                same = snoozed.get((silence.source, silence.fingerprint), ())
                yield from ((alert, silence) for alert in same)
                continue
            fits = matchers.ready(silence.loaded)
            yield from ((alert, silence) for alert, labels in labelled if fits(labels))


def _keep_longest(found: dict[int, Cause], alert: Alert, cause: Cause) -> None:
    known = found.get(alert.pk)
    if known is None or known.ends_at < cause.ends_at:
        found[alert.pk] = cause


def _silenced(silence: Silence) -> Cause:
    who = silence.created_by or "somebody"
    verb = "Snoozed" if silence.is_snooze else "Silenced"
    why = f": “{silence.given_reason}”" if silence.given_reason else ""
    return Cause(MutedBy.SILENCE, f"{verb} by {who}{why}", silence=silence)


def _in_maintenance(window: Window) -> Cause:
    plan = window.maintenance
    planned = f", planned by {plan.planned_by}" if plan.planned_by else ""
    return Cause(MutedBy.MAINTENANCE, f"Maintenance “{plan}”{planned}", window=window)
