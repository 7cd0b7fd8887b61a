"""What stands on the status page: for colleagues, or for everybody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from incidents.models import (
    AffectedService,
    Clock,
    ClockKind,
    Communication,
    Component,
    Incident,
)
from incidents.models.communication_choices import WHILE_OPEN
from portal.core.web.status import Status
from portal.monitoring.models import Window

from .states import DAYS, Key, Line, Spans, State, keys

AHEAD = timedelta(days=60)
MOST = 300  # messages
MOST_WINDOWS = 50
EMPTY = Status("idle", "info", "No components yet")
GOOD = Status("ok", "ok", "All systems operational")
WORDS = {
    State.OPERATIONAL: GOOD,
    State.MAINTENANCE: Status("idle", "settings", "Maintenance in progress"),
    State.DEGRADED: Status("warn", "warn", "Some systems are degraded"),
    State.DOWN: Status("bad", "fail", "Some systems are down"),
}


@dataclass
class Told:
    """One incident, by what customers were told of it."""

    incident: Incident
    messages: list[Communication] = field(default_factory=list)
    next_update: datetime | None = None
    names: list[str] = field(default_factory=list)  # of affected components

    @property
    def headline(self) -> str:
        """The subject that was approved first; of what is over the components, as that subject says
        it is being looked into. Where nothing was told, colleagues see the title.
        """
        if not self.is_open and self.names:
            return ", ".join(self.names)
        return self.messages[-1 if self.is_open else 0].subject if self.messages else ""

    @property
    def ended_untold(self) -> bool:
        """It is over, and the newest message promises another one."""
        return not self.is_open and self.messages[0].moment in WHILE_OPEN

    @property
    def is_open(self) -> bool:
        return self.incident.is_open


@dataclass(frozen=True)
class Planned:
    """Maintenance by the names of its components: its title is for colleagues."""

    window: Window
    names: list[str]
    is_active: bool


class StatusPage:
    """`public`: only components and incidents that everybody may know of."""

    def __init__(self, at: datetime, *, public: bool):
        self.at, self.public = at, public
        self.since = at - timedelta(days=DAYS)

    @cached_property
    def components(self) -> list[Component]:
        rows = Component.objects.select_related("service")
        return list(rows.public() if self.public else rows)

    @cached_property
    def messages(self) -> list[Communication]:
        """What customers were told in 90 days, the newest first."""
        rows = Communication.objects.public().filter(sent_at__gte=self.since)
        return list(rows.select_related("incident").order_by("-sent_at", "-pk")[:MOST])

    @cached_property
    def told(self) -> dict[int, Told]:
        found: dict[int, Told] = {}
        for each in self.messages:
            found.setdefault(each.incident_id, Told(each.incident)).messages.append(each)
        for row in () if self.public else self._untold(found):
            found[row.pk] = Told(row)
        clocks = Clock.objects.running().filter(incident__in=found, kind=ClockKind.UPDATE)
        for key, due_at in clocks.values_list("incident", "due_at"):
            found[key].next_update = due_at
        for key, names in self._affected(found).items():
            found[key].names = names
        return found

    def _affected(self, incidents: Iterable[int]) -> dict[int, list[str]]:
        """The names of the components that were affected, by incident, in the order of the page."""
        rows = AffectedService.objects.filter(incident__in=[*incidents])
        pairs = {*rows.values_list("incident", "service")}
        return {
            key: [each.public_name for each in self.components if (key, each.service_id) in pairs]
            for key in incidents
        }

    def _untold(self, found) -> Iterator[Incident]:
        return Incident.objects.unrestricted().real().open().exclude(pk__in=found).iterator()

    @property
    def current(self) -> list[Told]:
        return [each for each in self.told.values() if each.is_open]

    @property
    def past(self) -> list[Told]:
        return [each for each in self.told.values() if not each.is_open]

    @cached_property
    def windows(self) -> list[Window]:
        rows = Window.objects.kept().filter(ends_at__gt=self.since)
        rows = rows.filter(starts_at__lt=self.at + AHEAD).select_related("maintenance")
        return list(rows.prefetch_related("maintenance__services").order_by("starts_at"))

    @cached_property
    def planned(self) -> list[Planned]:
        """Windows of components that run or are to come."""
        coming = [each for each in self.windows if each.ends_at > self.at]
        found = (Planned(each, self._names(each), each.starts_at <= self.at) for each in coming)
        return [each for each in found if each.names][:MOST_WINDOWS]

    def _names(self, window: Window) -> list[str]:
        plan = window.maintenance
        services = {each.pk for each in plan.services.all()}
        return [
            each.public_name
            for each in self.components
            if plan.is_for_all or each.service_id in services
        ]

    @cached_property
    def lines(self) -> list[Line]:
        incidents = Incident.objects.unrestricted().real()
        if self.public:
            incidents = incidents.filter(pk__in=[*self.told])
        spans = Spans(incidents, self.windows, self.at)
        return [spans.line(each) for each in self.components]

    @cached_property
    def state(self) -> State:
        return max((each.state for each in self.lines), default=State.OPERATIONAL)

    @property
    def keys(self) -> list[tuple[State, Key]]:
        return keys()

    @property
    def zone(self) -> str:
        return timezone.get_current_timezone_name()

    @property
    def verdict(self) -> Status:
        if not self.components and not self.current:
            return EMPTY
        if self.current and self.state <= State.MAINTENANCE:
            return Status("warn", "warn", "We are working on an incident")
        return WORDS[self.state]
