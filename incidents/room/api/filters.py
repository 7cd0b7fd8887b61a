"""Which incidents a query string asks for."""

from typing import Any

from incidents.listing.filters import LONGEST_WORDS
from incidents.listing.words import with_words
from incidents.models import IncidentState
from incidents.models.choices import OPEN as _OPEN
from incidents.models.choices import OVER as _OVER
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api import filters
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, query
from portal.monitoring.alerts.filters import since

from .serializers import SEVERITIES

NEWEST_FIRST = Ordering(("declared_at",), descending=True)
OPEN, OVER = "open", "over"
STATES = [filters.ALL, OPEN, OVER, *IncidentState.values]
YES, NO = "true", "false"
ASKED = [
    *FIELDS,
    query("state", "`all` if not given; may be repeated.", enum=STATES, many=True),
    query("severity", "How bad; may be repeated.", enum=SEVERITIES, many=True),
    query("service", "Slug of an affected service; may be repeated.", many=True),
    query("owner", "Slug of the team that owns it; may be repeated.", many=True),
    query("drill", "Only drills, or none of them.", enum=[YES, NO]),
    query("q", "Words of its texts, or its number; all of them have to be there."),
    query(
        "since",
        "Only what was opened at this time (RFC 3339, such as 2026-01-31T08:00:00Z), or later.",
    ),
    query(
        "changed_since",
        "Only what has an entry in its timeline of this time (RFC 3339, such as "
        "2026-01-31T08:00:00Z) or later.",
    ),
    *PAGED,
]


def narrowed(rows: Any, params, *, user) -> Any:
    """What cannot be understood is a ValidationError."""
    rows = _in_state(rows, filters.choices(params, "state", STATES))
    if levels := filters.choices(params, "severity", SEVERITIES):
        rows = rows.filter(level__in=[int(each.removeprefix("SEV")) for each in levels])
    filters.refuse_strangers(params, service=Service.objects.all(), owner=Team.objects.all())
    if slugs := filters.texts(params, "service"):
        rows = rows.of_service(*slugs)
    rows = filters.among(rows, params, owner="owner__slug")
    if drill := filters.choices(params, "drill", (YES, NO)):
        rows = rows.filter(is_drill=drill[0] == YES)
    if words := " ".join(filters.texts(params, "q"))[:LONGEST_WORDS]:
        rows = with_words(rows, words, user=user)
    if at := since(params):
        rows = rows.declared_since(at)
    changed = filters.since(params)
    return rows.changed_since(changed) if changed else rows


def _in_state(rows: Any, states: list[str]) -> Any:
    if not states or filters.ALL in states:
        return rows
    if states == [OPEN]:
        return rows.open()
    wanted = {state for state in states if state in IncidentState.values}
    wanted |= {*_OPEN} if OPEN in states else set()
    wanted |= {*_OVER} if OVER in states else set()
    return rows.filter(state__in=sorted(wanted))
