"""How reports become alerts: one transaction, and as many queries for ten as for a hundred."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.db.models import Count

from portal.core.data import crash_points
from portal.core.data.queries import many_at_once, update_rows
from portal.monitoring import notices
from portal.monitoring.models import Alert, AlertState, Event, Intake, Received
from portal.monitoring.models.episodes import Episode, episodes, written
from portal.monitoring.muting.settlement import mute_new, unmute_resolved
from runbooks.models import Gap

from .matching import Matching
from .repeats import EVENTS_KEPT, SEEN, open_span, says_that_it_fires, without_repeats
from .reports import Report
from .times import Times

MOST_EVENTS = 200  # of one alert; later ones are kept if it began or ended
REPEATED = "Nothing new: it is resolved"
SAYS_MORE, ANOTHER_START = "Says something new", "Another start, as of a replica"
LATER_END = "A later end"
MINOR = (SAYS_MORE, ANOTHER_START, LATER_END)
TIMES = ("state", "starts_at", "ends_at", "spans", "newest_at", "acknowledged_at")
SAID = ("name", "labels", "annotations", "severity", "generator_url")
MATCHED = ("service_id", "service_by", "runbook_id", "runbook_by", "runbook_url")
COUNTED = ("received_at", "deliveries")


@dataclass
class Arrival:
    """What a delivery changed."""

    opened: list[Alert] = field(default_factory=list)
    resolved: list[Alert] = field(default_factory=list)
    repeated: list[Alert] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def take(
    reports: Sequence[Report],
    *,
    source: str,
    at: datetime,
    intake: Intake | None = None,
    received: Received | None = None,
    team: int | None = None,
    told: notices.Together | None = None,
) -> Arrival:
    """Store what a tool reports, tell whom it concerns of what began and ended.

    `source` says whose fingerprints they are. An older report never undoes a newer one. `team`:
    who is told, instead of the owner of the service. `told`: what other parts of the same delivery
    told; nobody hears of it twice.
    """
    reports = without_repeats(reports, source=source, at=at, received=received)
    if not reports:
        return Arrival()
    known = _Known(source, at, intake, received, team, told)
    known.load(reports)
    known.apply(reports)
    return known.save()


class _Known:
    """The episodes that reports can change, and what becomes of them."""

    def __init__(self, source, at, intake, received, team, told):
        self.source, self.at, self.intake, self.received = source, at, intake, received
        self.team, self.told = team, told
        self.rows: dict[str, list[Alert]] = {}
        self.changed: dict[int, Alert] = {}
        self.repeated: dict[int, Alert] = {}
        self.new: list[Alert] = []
        self.arrival = Arrival()
        self.events: list[tuple[Alert, Report | None, str]] = []

    def load(self, reports: Sequence[Report]) -> None:
        self.reports = reports
        times = [time for each in reports for time in (each.starts_at, each.ends_at) if time]
        fingerprints = list({each.fingerprint for each in reports})
        since = min([self.at, *times])
        rows = Alert.objects.touched(self.source, fingerprints, since=since).select_for_update()
        for row in sorted(rows, key=lambda each: each.starts_at):
            self.rows.setdefault(row.fingerprint, []).append(row)

    def apply(self, reports: Sequence[Report]) -> None:
        grouped: dict[str, list[Report]] = {}
        for report in reports:
            grouped.setdefault(report.fingerprint, []).append(report)
        for fingerprint, group in grouped.items():
            rows = self.rows.setdefault(fingerprint, [])
            firing = next((row for row in rows if row.is_firing), None)
            if firing and all(_repeats(firing, each) for each in group):
                self._count(firing)
                self._conclude(firing, _standing(firing), group[-1])
            else:
                self._apply(rows, group)

    @cached_property
    def matching(self) -> Matching:
        """Asked only if anything is new or says something new: most deliveries repeat."""
        return Matching.of(self.intake, self.reports)

    def _apply(self, rows: list[Alert], group: list[Report]) -> None:
        """All that a delivery says of one alert, at once."""
        times = Times.of(rows)
        times.add(group, self.at)
        newest = rows[-1] if rows else None
        for episode in episodes(times.spans):
            row, reports = times.owner(episode), times.about(episode)
            before = _standing(row) if row else None
            if row is None:
                row = self._made(episode, reports, newest)
                self.new.append(row)
            self._become(row, before, episode, reports)

    def _become(
        self, row: Alert, before: tuple | None, episode: Episode, reports: list[Report]
    ) -> None:
        row.spans, row.newest_at = written(episode.spans), episode.newest_at
        row.starts_at, row.ends_at = episode.starts_at, episode.ends_at
        row.state = AlertState.RESOLVED if episode.ends_at else AlertState.FIRING
        newest = (each for each in reversed(reports) if _is_newest(each, episode))
        if report := next((each for each in newest if each.is_described), None):
            self._describe(row, report)
        is_acknowledged = any(each.is_acknowledged for each in reports)
        if is_acknowledged and row.is_firing and not row.acknowledged_at:
            row.acknowledged_at = self.at
        if reports:
            self._count(row)
        self._conclude(row, before, reports[-1] if reports else None)

    def _made(self, episode: Episode, reports: list[Report], other: Alert | None) -> Alert:
        """A new episode; one that was parted from another is described as that one is."""
        row = Alert(
            intake=self.intake,
            source=self.source,
            fingerprint=reports[-1].fingerprint if reports else other.fingerprint if other else "",
            first_received_at=self.at,
            received_at=self.at,
            deliveries=0,
            starts_at=episode.starts_at,
            team_id=self.team,
        )
        if reports:
            self._describe(row, reports[-1])
        elif other:
            for name in (*SAID, *MATCHED, "received_at", "first_received_at"):
                setattr(row, name, getattr(other, name))
            row.deliveries = 1
        return row

    def _describe(self, row: Alert, report: Report) -> None:
        """What the newest report says; what it matches is found again only if it says new."""
        if row.name and _says_the_same(row, report):
            return
        row.name, row.severity, row.generator_url = (
            report.name,
            report.severity,
            report.generator_url,
        )
        row.labels, row.annotations = report.labels, report.annotations
        found = self.matching.match(report)
        row.service, row.service_by = found.service, found.service_by
        row.runbook, row.runbook_by = found.runbook, found.runbook_by
        row.runbook_url = found.runbook_url

    def _count(self, row: Alert) -> None:
        row.received_at = max(self.at, row.received_at)
        row.deliveries += 1

    def _conclude(self, row: Alert, before: tuple | None, report: Report | None) -> None:
        """Note what changed, for the database, for people and for the page of the alert."""
        is_changed = before is None or _standing(row) != before
        if before is None:
            self._open(row)
        elif is_changed:
            self.changed[row.pk or id(row)] = row
            was_firing = before[0] == AlertState.FIRING
            if was_firing and not row.is_firing:
                self.arrival.resolved.append(row)
            elif row.is_firing and not was_firing:
                self._open(row)
        elif report:
            self.repeated[row.pk or id(row)] = row
        if report or is_changed:
            self.events.append((row, report, _change(row, before)))

    def _open(self, row: Alert) -> None:
        self.arrival.opened.append(row)

    def save(self) -> Arrival:
        found = self._settled()
        changed = [row for row in self.changed.values() if row.pk]
        # Whoever ended goes first: only one episode of an alert may fire.
        written = (*TIMES, *SAID, *MATCHED, *COUNTED)
        update_rows(Alert, sorted(changed, key=lambda row: row.is_firing), written)
        update_rows(Alert, found.repeated, COUNTED)
        with many_at_once():
            Alert.objects.bulk_create(self.new)
            Event.objects.bulk_create(self._events())
        crash_points.reach("stored")
        if found.opened or found.resolved:
            self._tell(found)
        crash_points.reach("told")
        return found

    def _settled(self) -> Arrival:
        """Without what began and ended within the same delivery: nobody has to hear of that."""
        new = {id(row) for row in self.new}
        opened = [row for row in _once(self.arrival.opened) if row.is_firing]
        ended = [row for row in _once(self.arrival.resolved) if not row.is_firing]
        repeated = [row for row in self.repeated.values() if row.pk and row.pk not in self.changed]
        return Arrival(opened, [row for row in ended if id(row) not in new], repeated)

    def _tell(self, found: Arrival) -> None:
        """Each alert keeps the keys of the messages about it, by which its page finds them."""
        unmute_resolved(found.resolved, self.at)
        calling = mute_new(found.opened, self.at)
        notices.began(calling, intake=self.intake, told=self.told)
        notices.ended(found.resolved, intake=self.intake, told=self.told)
        update_rows(Alert, [*found.opened, *found.resolved], ("told",))
        if names := {row.name for row in found.opened if row.runbook_id is None}:
            Gap.objects.note_all(names, at=self.at)

    def _events(self) -> Iterable[Event]:
        changed = [row.pk for row, _, change in self.events if row.pk and change in MINOR]
        known = self._known_events(changed) if changed else {}
        for row, report, change in self.events:
            is_early = row.deliveries <= EVENTS_KEPT
            is_news = change in MINOR and known.get(row.pk, 0) < MOST_EVENTS
            if is_early or is_news or change not in (SEEN, REPEATED, *MINOR):
                yield Event(
                    alert=row,
                    received=self.received,
                    at=self.at,
                    state=report.word if report else "",
                    change=change,
                )

    def _known_events(self, alerts: list[int]) -> dict[int, int]:
        """How many are kept of each."""
        rows = Event.objects.filter(alert__in=alerts).order_by().values_list("alert")
        return dict(rows.annotate(count=Count("pk")))


def _once(rows: list[Alert]) -> list[Alert]:
    """Each once; new ones have no key yet by which they could be told apart."""
    return list({id(row): row for row in rows}.values())


def _repeats(row: Alert, report: Report) -> bool:
    """Whether a report says nothing new of what fires, as most do: no need to look further."""
    return (
        says_that_it_fires(report)
        and open_span(report) in row.spans
        and _says_the_same(row, report)
    )


def _standing(row: Alert) -> tuple:
    """What a page shows of it; while it stays, a delivery changed nothing."""
    return tuple(getattr(row, name) for name in (*TIMES, *SAID, *MATCHED))


def _is_newest(report: Report, episode: Episode) -> bool:
    return report.starts_at is None or report.starts_at >= max(episode.spans)


def _says_the_same(row: Alert, report: Report) -> bool:
    return all(getattr(row, name) == getattr(report, name) for name in SAID)


def _change(row: Alert, before: tuple | None) -> str:
    """What a delivery changed, in words."""
    if before is None:
        return "A new episode" if row.is_firing else "Resolved before it was heard of"
    was_firing = before[0] == AlertState.FIRING
    if was_firing != row.is_firing:
        return "Fires again: another replica reports it" if row.is_firing else "Resolved"
    if _standing(row) == before:
        return SEEN if row.is_firing else REPEATED
    if before[TIMES.index("spans")] != row.spans:
        return ANOTHER_START if row.is_firing else LATER_END
    return SAYS_MORE
