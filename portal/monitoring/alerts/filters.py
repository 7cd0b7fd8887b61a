"""Which alerts a query string asks for: for the page and the API."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.exceptions import ValidationError

from portal.architecture.models import Service
from portal.core.api.filters import among, choices, refuse_strangers, texts
from portal.core.api.pagination import Ordering
from portal.core.web.days import midnight
from portal.monitoring.models import AlertState

NEWEST_FIRST = Ordering(("starts_at",), descending=True)
ALL, ACKNOWLEDGED, UNATTENDED, MUTED = "all", "acknowledged", "unattended", "muted"
STATES = (ALL, *AlertState.values, UNATTENDED, ACKNOWLEDGED, MUTED)
NONE = "none"  # of a service or a runbook: alerts for which none was found


def narrowed(rows: Any, params) -> QuerySet:
    """What cannot be understood is a ValidationError."""
    rows = among(rows, params, name="name", severity="severity")
    rows = of_service(rows, params)
    if intakes := texts(params, "intake"):
        if not all(each.isdecimal() and len(each) < 10 for each in intakes):
            raise ValidationError({"intake": "Use the number of an intake."})
        rows = rows.filter(intake__in=intakes)
    if NONE in choices(params, "runbook", (NONE,)):
        rows = rows.filter(runbook=None, runbook_url="")
    rows = _in_state(rows, choices(params, "state", STATES))
    begin = since(params)
    return rows.filter(starts_at__gte=begin) if begin else rows


def of_service(rows: Any, params) -> Any:
    services = texts(params, "service")
    if not services:
        return rows
    if services == [NONE]:
        return rows.filter(service=None)
    refuse_strangers(params, service=Service.objects.all())
    return rows.filter(service__slug__in=services)


def _in_state(rows: Any, states: list[str]) -> Any:
    """Of several states the rows in any of them."""
    asked = {
        AlertState.FIRING: rows.firing(),
        AlertState.RESOLVED: rows.resolved(),
        ACKNOWLEDGED: rows.acknowledged(),
        UNATTENDED: rows.unattended(),
        MUTED: rows.muted(),
    }
    found = [asked[state] for state in states if state in asked]
    if not found or ALL in states:
        return rows
    first, *others = found
    for other in others:
        first = first | other
    return first


def since(params) -> datetime | None:
    """The time, or the reader's day, of `since`."""
    text = params.get("since", "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
        at = midnight(day) if day else parse_datetime(text.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or not 1970 < at.year < 9000:
        raise ValidationError({"since": "Use a time such as 2026-01-31T08:00:00Z."})
    return at if at.tzinfo else at.replace(tzinfo=UTC)
