"""What an incident itself says for the variables of a template."""

from datetime import datetime

from django.utils import timezone

from incidents.notices import status_page

from .choices import ClockKind, Role
from .clocks import due_of
from .components import Component

CLOCK = "%H:%M"
DAY_AND_CLOCK = "%d %B %Y, %H:%M"


def known_values(incident, *, for_public: bool, at: datetime) -> dict[str, str]:
    """By the name of the variable; empty where the author has to say it."""
    commander = incident.holder(Role.COMMANDER)
    return {
        "incident": incident.name,
        "title": incident.title,
        "severity": incident.severity_name,
        "severity_title": str(incident.terms.get("title", "")),
        "state": incident.get_state_display().lower(),
        "services": ", ".join(_services(incident, for_public)),
        "started": _written(incident.declared_at, at),
        "duration": _lasted(incident, at),
        "next_update": _next_update(incident, at),
        "commander": commander.display_name if commander else "",
        "status_page": status_page(),
        "outcome": "" if for_public else incident.outcome,
    }


def _services(incident, for_public: bool) -> list[str]:
    if for_public:
        return Component.objects.names_of(incident.affected.values("service"))
    return [str(each.service) for each in incident.affected.select_related("service")]


def _next_update(incident, at: datetime) -> str:
    """When the update after this one is due: its clock starts anew as this one is sent."""
    if incident.is_over:
        return ""
    opened = incident.declared_at
    due_at = due_of(ClockKind.UPDATE, incident.terms, opened=opened, start=at)
    return _written(due_at, at) if due_at else ""


def _written(moment: datetime, at: datetime) -> str:
    """In the zone of the portal, which it names; with the day if that is another one."""
    zone = timezone.get_default_timezone()
    here, now = moment.astimezone(zone), at.astimezone(zone)
    words = here.strftime(CLOCK if here.date() == now.date() else DAY_AND_CLOCK)
    return f"{words} {here.tzname()}"


def _lasted(incident, at: datetime) -> str:
    minutes = int(incident.lasted(at).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {rest} min"
