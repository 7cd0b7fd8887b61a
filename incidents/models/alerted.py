"""The alerts of an incident: they join it, end, and fire again."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models, transaction

from portal.core.data import clock
from portal.monitoring.models import Alert

from .choices import EntryKind
from .joined import IncidentAlert

NAMED = 5  # names of alerts that one entry says
NOTED = 50  # alerts of one entry that programs can tell
ALL_OVER = "All of its alerts are over"


class Alerted(models.Model):
    """What came at once is one entry of the timeline, however many alerts it is."""

    pk: Any
    resolves: bool
    is_open: Any
    resolve: Any
    affect: Any
    affected: Any
    incident_alerts: Any
    _take_turn: Any
    _require_open: Any
    _add: Any

    class Meta:
        abstract = True

    @transaction.atomic
    def join_alerts(self, alerts: Collection[Alert], *, at: datetime | None = None) -> int:
        """These belong to it from now on, but for those that belong to another one; how many.

        Raises WrongState once it is over.
        """
        at = at or clock.now()
        self._take_turn()
        self._require_open("add alerts to")
        taken = IncidentAlert.objects.filter(alert__in=[each.pk for each in alerts])
        known = set(taken.values_list("alert", flat=True))
        free = [each for each in alerts if each.pk not in known]
        if not free:
            return 0
        about: dict[str, Any] = {"incident": self, "joined_at": at}
        IncidentAlert.objects.bulk_create(
            IncidentAlert(alert=each, name=each.name, **about) for each in free
        )
        keys = [each.pk for each in free]
        self._note_alerts("firing", keys, [each.name for each in free], at=at)
        return len(free)

    @transaction.atomic
    def affect_services(self, services: Collection, *, at: datetime) -> None:
        """Of its alerts: those that are not among its services yet."""
        known = set(self.affected.values_list("service", flat=True))
        for service in dict.fromkeys(services):
            if service.pk not in known:
                self.affect(service, by=None, at=at)

    def _acknowledge_alerts(self, *, by, at: datetime) -> None:
        """Who has the incident has its alerts; what is muted is announced all the same later."""
        mine = self.incident_alerts.filter(over_at=None).values("alert")
        Alert.objects.filter(pk__in=mine).acknowledge(by=by, at=at)

    @transaction.atomic
    def end_alerts(self, rows: Collection[IncidentAlert], *, at: datetime) -> int:
        """These are over; with the last one the incident is, where its rule says so."""
        self._take_turn()
        mine = self.incident_alerts.filter(over_at=None, pk__in=[row.pk for row in rows])
        ended = list(mine)
        if not ended:
            return 0
        mine.update(over_at=at)
        self._note_alerts("resolved", _keys(ended), [row.name for row in ended], at=at)
        if not self.incident_alerts.filter(over_at=None).exists():
            self._end_all(at)
        return len(ended)

    def _end_all(self, at: datetime) -> None:
        self._add(EntryKind.ALERT, f"{ALL_OVER}.", at=at, about={"state": "all_resolved"})
        if self.resolves and self.is_open:
            self.resolve(by=None, text=f"{ALL_OVER}.", at=at)

    @transaction.atomic
    def revive_alerts(self, rows: Collection[IncidentAlert], *, at: datetime) -> int:
        """These fire after all. Once the incident is over, they are free to open another one."""
        self._take_turn()
        mine = self.incident_alerts.filter(over_at__isnull=False, pk__in=[row.pk for row in rows])
        again = list(mine)
        if not again:
            return 0
        if not self.is_open:
            Alert.objects.filter(pk__in=_keys(again)).release()
            return int(mine.update(alert=None))
        mine.update(over_at=None)
        self._note_alerts("firing", _keys(again), [row.name for row in again], at=at)
        return len(again)

    def _note_alerts(self, state: str, keys: list, names: list[str], *, at: datetime) -> None:
        about = {"state": state, "count": len(names), "alerts": keys[:NOTED]}
        said = "Fires" if state == "firing" else "Over"
        self._add(EntryKind.ALERT, f"{said}: {named(names)}", at=at, about=about)


def _keys(rows: Collection[IncidentAlert]) -> list[int]:
    return [row.alert_id for row in rows if row.alert_id]


def named(names: Collection[str]) -> str:
    """The names of alerts, each once with how many it is; of many the first ones."""
    counted = Counter(names)
    said = [f"{name} ({count})" if count > 1 else name for name, count in counted.items()]
    rest = len(said) - NAMED
    return ", ".join(said[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
