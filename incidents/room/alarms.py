"""Which incidents are open, as every page knows it: how many, and a line for each major one."""

from typing import NamedTuple

from django.core.cache import caches

from incidents.models import Incident, Participant
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


def _open(fresh: bool = False) -> list[Open]:
    """All that are open, the worst first; for nobody's eyes yet."""
    found: list[Open] | None = None if fresh else caches["process"].get(KEY)
    if found is None:
        rows = Incident.objects.open().order_by("level", "-declared_at", "-pk")
        columns = ("pk", "level", "title", "is_restricted", "is_drill", "acknowledged_at")
        found = [
            Open(pk, level, title, hidden, drill, answered is not None)
            for pk, level, title, hidden, drill, answered in rows.values_list(*columns)[:MOST]
        ]
        caches["process"].set(KEY, found, REMEMBERED)
    return found


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


def alarms(user) -> list[Alarm]:
    """The open SEV1 and SEV2 that are no drill, the worst first."""
    rows = [row for row in _visible(user) if row.level <= 2 and not row.is_drill]
    return [_alarm(row) for row in rows]


def _alarm(row: Open) -> Alarm:
    incident = Incident(pk=row.pk, level=row.level, title=row.title)
    state = "" if row.is_acknowledged else "not acknowledged"
    label = f"{incident.severity_name} {incident.name}"
    return Alarm(label, row.level, row.title, incident.get_absolute_url(), state)
