"""Which incidents are open, as every page knows it: how many, and a line for each major one."""

from datetime import datetime
from typing import NamedTuple

from django.core.cache import caches
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.timezone import localtime

from incidents.models import Clock, ClockKind, Incident, Participant
from incidents.models.incident_queries import READ, RESTRICTED
from portal.core.web.navigation import Alarm

REMEMBERED = 5  # seconds: both are on every page
KEY = "open-incidents"
MOST = 500  # open ones that are told apart; of more the number is a little too low


class Open(NamedTuple):
    """What every page has to know of one that is open."""

    pk: int
    level: int
    title: str
    is_restricted: bool
    is_drill: bool
    is_acknowledged: bool
    due_at: datetime | None  # when the next message is due


def _open(fresh: bool = False) -> list[Open]:
    """All that are open, the worst first; for nobody's eyes yet."""
    found: list[Open] | None = None if fresh else caches["process"].get(KEY)
    if found is None:
        rows = Incident.objects.open().order_by("level", "-declared_at", "-pk")
        rows = rows.annotate(due_at=Subquery(_next_message().values("due_at")[:1]))
        columns = ("pk", "level", "title", "is_restricted", "is_drill", "acknowledged_at", "due_at")
        found = [
            Open(pk, level, title, hidden, drill, answered is not None, due_at)
            for pk, level, title, hidden, drill, answered, due_at in rows.values_list(*columns)[
                :MOST
            ]
        ]
        caches["process"].set(KEY, found, REMEMBERED)
    return found


def _next_message():
    """The clocks of an incident that a message to people meets, the first one first."""
    kinds = (ClockKind.NOTICE, ClockKind.UPDATE)
    rows = Clock.objects.running().filter(incident=OuterRef("pk"), kind__in=kinds)
    return rows.order_by("due_at")


def _visible(user, fresh: bool = False) -> list[Open]:
    """Those of them that this person may see; a query only where something is restricted."""
    if not user.has_perm(READ):
        return []
    rows = _open(fresh)
    restricted = [row.pk for row in rows if row.is_restricted]
    if not restricted or user.has_perm(RESTRICTED):
        return rows
    own = set(Participant.objects.in_some(restricted, user))
    return [row for row in rows if not row.is_restricted or row.pk in own]


def count(user, fresh: bool) -> int:
    """How many are open that this person may see."""
    return len(_visible(user, fresh))


def alarms(user, at: datetime | None = None) -> list[Alarm]:
    """The open SEV1 and SEV2 that are no drill, the worst first."""
    at = at or timezone.now()  # this machine's: the database is not asked on every page
    rows = [row for row in _visible(user) if row.level <= 2 and not row.is_drill]
    return [_alarm(row, at) for row in rows]


def _alarm(row: Open, at: datetime) -> Alarm:
    incident = Incident(pk=row.pk, level=row.level, title=row.title)
    label, is_late = (
        f"{incident.severity_name} {incident.name}",
        bool(row.due_at and row.due_at < at),
    )
    is_calm = row.is_acknowledged and not is_late
    about = (label, row.level, row.title, incident.get_absolute_url())
    return Alarm(*about, _state(row, is_late), is_calm)


def _state(row: Open, is_late: bool) -> str:
    """What presses most: that nobody has it, or when people have to hear more."""
    if not row.is_acknowledged:
        return "not acknowledged"
    if row.due_at is None:
        return ""
    by = formatted(localtime(row.due_at), "H:i")
    return f"update due since {by}" if is_late else f"next update by {by}"
