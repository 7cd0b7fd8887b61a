"""Which runs a query string asks for: for the pages, the calendar, the exports and the API."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from portal.core.api.filters import among, choices, since, texts
from portal.core.api.pagination import Ordering
from portal.core.web.days import midnight
from runbooks.models import Kind, RunState

NEWEST_FIRST = Ordering(("started_at",), descending=True)
TEXTS = {
    "runbook": "runbook__slug",
    "environment": "environment",
    "release": "release",
}
ALL = "all"


def narrowed(rows: Any, params) -> QuerySet:
    """The runs that a query string asks for; what cannot be understood is a ValidationError."""
    rows = among(rows, params, **TEXTS)
    services = texts(params, "service")
    rows = rows.about_service(*services) if services else rows
    states = choices(params, "state", (ALL, *RunState.values))
    rows = rows.filter(state__in=states) if states and ALL not in states else rows
    kinds = choices(params, "kind", Kind.values)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    at = since(params)
    rows = rows.changed_since(at) if at else rows
    begin, end = day(params, "from"), day(params, "until")
    if begin:
        rows = rows.filter(started_at__gte=midnight(begin))
    if end:
        rows = rows.filter(started_at__lt=midnight(end + timedelta(days=1)))
    return rows


def day(params, name: str) -> date | None:
    """A day of a query string, as 2026-01-31."""
    text = params.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.max
    if not 1970 < found.year < 9000:
        raise ValidationError({name: "Use a date such as 2026-01-31."})
    return found
