"""What the one who takes over has to know: what is open, what woke people, what changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format

from incidents.models import AffectedService, Incident, Rotation
from portal.accounts.models import User
from portal.architecture.models import Service
from portal.core.web.address import absolute
from portal.monitoring.models import Alert, Window, severities
from runbooks.models import Runbook, Version

from .plans import Plan
from .shifts import shift_at

MOST = 20  # items of a section
COMPARED = 500  # alerts that are looked at for those of the night
LONGEST = timedelta(days=14)
OLDEST = timedelta(days=90)  # that an incident may have been when the period began
AHEAD = timedelta(days=7)  # for maintenance
NIGHT_BEGINS, NIGHT_ENDS = 22, 7
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Item:
    """One thing, where it is, and when it happened."""

    title: str
    address: str
    at: datetime
    line: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    items: list[Item] = field(default_factory=list)
    nothing: str = "Nothing"

    @property
    def count(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Period:
    """Of which rotation, since when and until when, as this person may see it."""

    rotation: Rotation
    since: datetime
    at: datetime
    reader: User

    @property
    def services(self):
        return Service.objects.filter(rotations=self.rotation)


def since_of(plan: Plan, at: datetime) -> datetime:
    """When the shift before that of this time began; some days at most."""
    begin = shift_at(plan, at).starts_at
    return max(shift_at(plan, begin - TICK).starts_at, at - LONGEST)


def open_incidents(period: Period) -> Section:
    rows = _incidents(period).open().order_by("level", "-declared_at", "-pk")[:MOST]
    return Section("Open incidents", [*map(_of_incident, rows)], "No incident is open.")


def past_incidents(period: Period) -> Section:
    """What is over and was declared, or resolved, since."""
    since = Q(declared_at__gte=period.since) | Q(resolved_at__gte=period.since)
    begun = (period.since - OLDEST, period.at)
    rows = _incidents(period).over().filter(since, declared_at__range=begun)
    items = [*map(_of_incident, rows.order_by("-declared_at", "-pk")[:MOST])]
    return Section("Incidents that are over", items, "No incident ended.")


def _incidents(period: Period):
    """Of its services, and those of which nobody said what they concern."""
    concerned = AffectedService.objects.filter(incident=OuterRef("pk"))
    own = Exists(concerned.filter(service__in=period.services))
    rows = Incident.objects.visible(period.reader).real().filter(merged_into=None)
    return rows.filter(own | ~Exists(concerned))


def _of_incident(row: Incident) -> Item:
    line = f"{row.severity_name}, {row.get_state_display().lower()}"
    return Item(str(row), row.get_absolute_url(), row.declared_at, line)


def open_alerts(period: Period) -> Section:
    rows = Alert.objects.visible(period.reader).firing().filter(service__in=period.services)
    rows = rows.select_related("service", "acknowledged_by").order_by("-starts_at", "-pk")[:MOST]
    items = [
        Item(each.name, each.get_absolute_url(), each.starts_at, _of_alert(each)) for each in rows
    ]
    return Section("Open alerts", items, "No alert fires.")


def _of_alert(alert: Alert) -> str:
    held = f", acknowledged by {alert.acknowledged_by}" if alert.acknowledged_by else ""
    return f"{alert.service}{held}"


def night_calls(period: Period) -> Section:
    """Urgent alerts that were told at night, by the clocks of the rotation."""
    rows = Alert.objects.visible(period.reader).since(period.since).exclude(told=[])
    rows = rows.filter(service__in=period.services, starts_at__lte=period.at)
    rows = rows.select_related("service").order_by("-starts_at", "-pk")[:COMPARED]
    zone = ZoneInfo(period.rotation.time_zone)
    items = [
        Item(each.name, each.get_absolute_url(), each.starts_at, str(each.service))
        for each in rows
        if severities.is_urgent(each.severity) and is_night(each.starts_at, zone)
    ]
    return Section("What called at night", items[:MOST], "Nobody was called at night.")


def is_night(at: datetime, zone: ZoneInfo) -> bool:
    hour = at.astimezone(zone).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def changes(period: Period) -> Section:
    """Runbooks of its services that were published since."""
    runbooks = Runbook.objects.visible(period.reader).filter(services__in=period.services)
    rows = Version.objects.filter(
        runbook__in=runbooks, published_at__gte=period.since, published_at__lte=period.at
    )
    rows = rows.select_related("runbook", "author").order_by("-published_at", "-pk")[:MOST]
    items = [
        Item(str(each.runbook), each.runbook.get_absolute_url(), each.published_at, each.note)
        for each in rows
        if each.published_at
    ]
    return Section("Runbooks that changed", items, "No runbook of its services changed.")


def maintenance(period: Period) -> Section:
    windows = Window.objects.visible(period.reader).current(period.at)
    slugs = [*period.services.values_list("slug", flat=True)]
    rows = windows.of_services(slugs).filter(starts_at__lte=period.at + AHEAD)
    rows = rows.select_related("maintenance").order_by("starts_at", "pk")[:MOST]
    items = [
        Item(str(each.maintenance), each.maintenance.get_absolute_url(), each.starts_at)
        for each in rows
    ]
    return Section("Maintenance in the next 7 days", items, "No maintenance is planned.")


# In this order.
SECTIONS: list[Callable[[Period], Section]] = [
    *(open_incidents, past_incidents),
    *(open_alerts, night_calls, changes, maintenance),
]


def summary(period: Period) -> list[Section]:
    return [section(period) for section in SECTIONS]


def in_text(sections: list[Section], zone: ZoneInfo) -> str:
    """For a message; times are those of the rotation."""
    return "\n\n".join(_section_text(each, zone) for each in sections)


def _section_text(section: Section, zone: ZoneInfo) -> str:
    lines = [
        f"- {date_format(each.at.astimezone(zone), 'D j M, H:i')} {each.title}"
        f"{f' ({each.line})' if each.line else ''}: {absolute(each.address)}"
        for each in section.items
    ]
    return "\n".join([f"{section.title}:", *(lines or [f"- {section.nothing}"])])
