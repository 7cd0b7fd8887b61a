"""What a component does, now and on each of the last 90 days."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from django.utils import timezone

from incidents.models import AffectedService, Component, Impact, Incident
from portal.core.web.status import Status
from portal.monitoring.models import Window

DAYS = 90


class State(IntEnum):
    """The worse, the higher."""

    OPERATIONAL = 0
    MAINTENANCE = 1
    DEGRADED = 2
    DOWN = 3

    @property
    def word(self) -> str:
        return LOOKS[self].word

    @property
    def name_in_api(self) -> str:
        return self.name.lower()


LOOKS = {
    State.OPERATIONAL: Status("ok", "ok", "Operational"),
    State.MAINTENANCE: Status("idle", "settings", "In maintenance"),
    State.DEGRADED: Status("warn", "warn", "Degraded", True),
    State.DOWN: Status("bad", "fail", "Down", True),
}
HEIGHTS = {State.OPERATIONAL: 10, State.MAINTENANCE: 12, State.DEGRADED: 17, State.DOWN: 24}
CLASSES = {
    State.OPERATIONAL: "u-ok",
    State.MAINTENANCE: "u-work",
    State.DEGRADED: "u-part",
    State.DOWN: "u-down",
}
NOW = {Impact.DOWN: State.DOWN, Impact.RESTORED: State.OPERATIONAL}
THEN = {Impact.DOWN: State.DOWN}  # what is restored was degraded at least


class Span(NamedTuple):
    """From when until when (None: still) a service was in a state."""

    start: datetime
    end: datetime | None
    state: State


class Bar(NamedTuple):
    """One day, as it is drawn; lengths in percent and pixels."""

    day: datetime
    state: State
    x: str
    y: int
    height: int
    look: str


class Key(NamedTuple):
    """How a state is drawn."""

    y: int
    height: int
    look: str


def keys() -> list[tuple[State, Key]]:
    """The meaning of the bars, the best first."""
    return [(each, Key(24 - HEIGHTS[each], HEIGHTS[each], CLASSES[each])) for each in State]


class Line(NamedTuple):
    """One component of the page."""

    component: Component
    state: State
    status: Status
    bars: list[Bar]
    troubled: list[Bar]

    @property
    def said(self) -> str:
        return f"{self.component}: {DAYS} days, {len(self.troubled)} with trouble"


class Spans:
    """Of all components, in three queries, however many there are."""

    def __init__(self, incidents, windows: Iterable[Window], at: datetime):
        self.at, since = at, at - timedelta(days=DAYS)
        self.spans: dict[int, list[Span]] = {}
        self.now: dict[int, State] = {}
        for row in self._rows(incidents, since):
            self._add(row)
        self._for_all: list[Span] = []
        for window in windows:
            self._add_window(window)

    def _rows(self, incidents, since: datetime):
        rows = AffectedService.objects.filter(incident__in=incidents)
        rows = rows.exclude(incident__resolved_at__lt=since).select_related("incident")
        return rows.order_by("pk")

    def _add(self, row: AffectedService) -> None:
        impact, key = Impact(row.impact), row.service_id
        incident: Incident = row.incident
        span = Span(incident.declared_at, incident.resolved_at, THEN.get(impact, State.DEGRADED))
        self.spans.setdefault(key, []).append(span)
        if incident.is_open:
            state = NOW.get(impact, State.DEGRADED)
            self.now[key] = max(self.now.get(key, State.OPERATIONAL), state)

    def _add_window(self, window: Window) -> None:
        span = Span(window.starts_at, window.ends_at, State.MAINTENANCE)
        if window.maintenance.is_for_all:
            self._for_all.append(span)
        for service in window.maintenance.services.all():
            self.spans.setdefault(service.pk, []).append(span)

    def line(self, component: Component) -> Line:
        spans = [*self.spans.get(component.service_id, ()), *self._for_all]
        state = self.now.get(component.service_id, State.OPERATIONAL)
        is_worked_on = any(
            each.state == State.MAINTENANCE and each.start <= self.at < (each.end or self.at)
            for each in spans
        )
        state = max(state, State.MAINTENANCE) if is_worked_on else state
        bars = [_bar(number, day, spans, self.at) for number, day in enumerate(self._days())]
        troubled = [each for each in bars if each.state > State.OPERATIONAL]
        return Line(component, state, LOOKS[state], bars, troubled)

    def _days(self) -> list[datetime]:
        """Their beginnings in the zone of the portal, the oldest first."""
        zone = timezone.get_default_timezone()
        today = self.at.astimezone(zone).date()
        days = (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
        return [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]


def _bar(number: int, day: datetime, spans: list[Span], at: datetime) -> Bar:
    ends = min(day + timedelta(days=1), at)
    states = (each.state for each in spans if each.start < ends and (each.end or at) > day)
    state = max(states, default=State.OPERATIONAL)
    height, x = HEIGHTS[state], f"{number * 100 / DAYS:.2f}%"
    return Bar(day, state, x, 24 - height, height, CLASSES[state])
