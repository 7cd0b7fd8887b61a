"""What the list of incidents shows of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.models import AffectedService, Assignment, Clock, ClockState, Incident, Role
from incidents.room.status import CLOCK, marks_of, status_of
from portal.core.web.status import Status

OPEN_SHOWN = 50
LOADED = ("owner", "acknowledged_by", "merged_into")


@dataclass(frozen=True)
class Line:
    """One incident, as it stands at this moment."""

    incident: Incident
    services: list[str]
    commander: str
    at: datetime
    clock: Clock | None = None  # what is due first, if it is due soon or late

    @property
    def status(self) -> Status:
        return status_of(self.incident)

    @property
    def marks(self) -> list[Status]:
        return marks_of(self.incident)

    @property
    def lasted(self) -> timedelta:
        return self.incident.lasted(self.at)

    @property
    def due(self) -> Status | None:
        return CLOCK[self.clock.state(self.at)] if self.clock else None


def lines_of(incidents: Iterable[Incident], at: datetime) -> list[Line]:
    """In the same order; three queries for all of them."""
    incidents = list(incidents)
    services, commanders = _services(incidents), _commanders(incidents)
    clocks = _pressing(incidents, at)
    return [
        Line(each, services.get(each.pk, []), commanders.get(each.pk, ""), at, clocks.get(each.pk))
        for each in incidents
    ]


def _services(incidents: list[Incident]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    through = AffectedService.objects.filter(incident__in=incidents)
    for pk, name in through.order_by("pk").values_list("incident", "service__name"):
        found.setdefault(pk, []).append(name)
    return found


def _commanders(incidents: list[Incident]) -> dict[int, str]:
    through = Assignment.objects.filter(incident__in=incidents)
    rows = through.filter(role=Role.COMMANDER, until=None)
    return dict(rows.values_list("incident", "person_name"))


def _pressing(incidents: list[Incident], at: datetime) -> dict[int, Clock]:
    """The clock of each that is late or due soon; of several the one that is due first."""
    rows = Clock.objects.running().filter(incident__in=incidents, remind_at__lte=at)
    found: dict[int, Clock] = {}
    for clock in rows.order_by("due_at"):
        if clock.state(at) in (ClockState.LATE, ClockState.DUE_SOON):
            found.setdefault(clock.incident_id, clock)
    return found
