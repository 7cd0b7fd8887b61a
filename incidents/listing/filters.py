"""Which incidents a query string asks for."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from incidents.models import IncidentState
from incidents.models.severities import HIGHEST, LOWEST, name_of
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.filters import choices, refuse_strangers, texts
from portal.core.api.pagination import Ordering

from .words import with_words

NEWEST_FIRST = Ordering(("declared_at",), descending=True)
ALL, OPEN, UNACKNOWLEDGED, OVER = "all", "open", "unacknowledged", "over"
STATES = (ALL, OPEN, UNACKNOWLEDGED, OVER, *IncidentState.values)
SEVERITIES = {name_of(level).lower(): level for level in range(HIGHEST, LOWEST + 1)}
DRILLS = {"yes": True, "no": False}
LONGEST_WORDS = 200
ASKED = ("state", "severity", "service", "owner", "drill", "q")


def narrowed(rows: Any, params, *, user) -> QuerySet:
    """What cannot be understood is a ValidationError."""
    rows = _in_state(rows, choices(params, "state", STATES))
    if levels := choices(params, "severity", SEVERITIES):
        rows = rows.filter(level__in=[SEVERITIES[each] for each in levels])
    if services := texts(params, "service"):
        refuse_strangers(params, service=Service.objects.all())
        rows = rows.of_service(*services)
    if owners := texts(params, "owner"):
        refuse_strangers(params, owner=Team.objects.all())
        rows = rows.filter(owner__slug__in=owners)
    if drills := choices(params, "drill", DRILLS):
        rows = rows.filter(is_drill__in=[DRILLS[each] for each in drills])
    return _with_words(rows, params.get("q", "").strip(), user)


def _in_state(rows: Any, states: list[str]) -> Any:
    """Of several states the rows in any of them."""
    if not states or ALL in states:
        return rows
    asked = {OPEN: rows.open(), UNACKNOWLEDGED: rows.unacknowledged(), OVER: rows.over()}
    first, *others = [asked.get(each, rows.filter(state=each)) for each in states]
    for other in others:
        first = first | other
    return first


def _with_words(rows: Any, words: str, user) -> Any:
    if not words:
        return rows
    if len(words) > LONGEST_WORDS or "\x00" in words:
        raise ValidationError({"q": f"Use at most {LONGEST_WORDS} letters."})
    return with_words(rows, words, user=user)
