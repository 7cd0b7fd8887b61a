"""The log of runs: which ones somebody asks for, and how they are shown, exported, counted."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.exceptions import ValidationError

from portal.core.api.filters import among, choices, since, texts
from portal.core.api.pagination import Ordering
from portal.core.api.renderers import dumps
from portal.core.web.days import midnight
from portal.core.web.tables import csv_lines
from runbooks.models import Kind, RunState

from .serializers import RunRowSerializer

NEWEST_FIRST = Ordering(("started_at",), descending=True)
TEXTS = {
    "runbook": "runbook__slug",
    "environment": "environment",
    "release": "release",
}
ROW = RunRowSerializer
KEYS = NEWEST_FIRST.keys
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


EXPORTED = tuple(name for name in ROW.names() if name not in ("etag", "url"))
READ_AT_ONCE = 1000


def as_csv(rows: QuerySet) -> StreamingHttpResponse:
    """All of them for spreadsheets, sent while they are read."""
    lines = csv_lines(EXPORTED, _exported(rows))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")


def _exported(rows: QuerySet) -> Iterator[list]:
    for found in _newest(rows, EXPORTED):
        found["parameters"] = orjson.dumps(found["parameters"]).decode()
        yield [_cell(value) for value in found.values()]


def json_lines(rows: QuerySet) -> Iterator[bytes]:
    """The same as one JSON object, run by run."""
    between = b'{"deployments":[\n'
    for found in _newest(rows, ROW.usual()):
        yield between + dumps(found)
        between = b",\n"
    yield between.removesuffix(b",\n") + b"]}\n"


def _newest(rows, names: tuple[str, ...]) -> Iterator[dict]:
    found = ROW.values(rows.recent(), names).iterator(chunk_size=READ_AT_ONCE)
    return map(ROW.reader(names), found)


def _cell(value: object) -> object:
    """Times as the API writes them."""
    return orjson.loads(dumps(value)) if isinstance(value, datetime) else value
