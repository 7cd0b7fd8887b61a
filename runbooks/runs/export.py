"""The log of runs: which ones somebody asks for, and how they are shown, exported, counted."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.exceptions import ValidationError

from portal.core.api.pagination import Ordering
from portal.core.api.renderers import dumps
from portal.core.web.days import midnight
from portal.core.web.tables import csv_lines
from runbooks.models import Kind, RunState
from runbooks.models.runs import tag_of

NEWEST_FIRST = Ordering(("started_at",), descending=True)
TEXTS = {
    "runbook": "runbook__slug",
    "environment": "environment",
    "release": "release",
}
COLUMNS = {
    "id": "pk",
    "runbook": "runbook__slug",
    "title": "runbook__title",
    "version": "version__number",
    "kind": "kind",
    "service": "service_slug",
    "environment": "environment",
    "release": "release",
    "state": "state",
    "started_at": "started_at",
    "ended_at": "ended_at",
    "duration": "duration",
    "started_by": "starter_name",
    "ended_by": "ended_by_name",
    "leads": "holder__username",
    "outcome": "outcome",
    "link": "link",
    "rollback_of": "rollback_of_id",
    "parameters": "parameters",
}
MADE = ("etag", "url")
OF_TAG = {"pk", "revision", "runbook__revision"}
MEMBERS = (*COLUMNS, *MADE)


def narrowed(rows: Any, params) -> QuerySet:
    """The runs that a query string asks for; what cannot be understood is a ValidationError."""
    for name, column in TEXTS.items():
        if params.get(name):
            rows = rows.filter(**{column: _text(params, name)})
    if params.get("service"):
        rows = rows.about_service(_text(params, "service"))
    rows = _among(rows, params, "state", RunState.values)
    rows = _among(rows, params, "kind", Kind.values)
    begin, end = day(params, "from"), day(params, "until")
    if begin:
        rows = rows.filter(started_at__gte=midnight(begin))
    if end:
        rows = rows.filter(started_at__lt=midnight(end + timedelta(days=1)))
    return rows


def _text(params, name: str) -> str:
    if "\x00" in params[name]:
        raise ValidationError({name: "NUL characters match nothing."})
    return params[name].strip()


def _among(rows, params, name: str, known) -> QuerySet:
    value = params.get(name)
    if value and value not in known:
        raise ValidationError({name: f"Use one of {', '.join(known)}."})
    return rows.filter(**{name: value}) if value else rows


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


def values(rows: QuerySet, names: Iterable[str] = MEMBERS) -> QuerySet:
    """The columns of these members, and those that lists are sorted by."""
    wanted = {"pk", "started_at"}
    for name in names:
        wanted |= OF_TAG if name in MADE else {COLUMNS[name]}
    return rows.values(*wanted)


def shown(row: dict, names: Iterable[str] = MEMBERS) -> dict:
    """A run as programs see it. `duration` is in seconds."""
    return {name: _shown(row, name) for name in names}


def _shown(row: dict, name: str) -> object:
    match name:
        case "etag":
            return tag_of(row["pk"], row["revision"], row["runbook__revision"])
        case "url":
            return f"/runbooks/runs/{row['pk']}/"
        case "duration":
            return None if row["duration"] is None else row["duration"].total_seconds()
    return row[COLUMNS[name]]


EXPORTED = tuple(COLUMNS)
READ_AT_ONCE = 1000


def as_csv(rows: QuerySet) -> StreamingHttpResponse:
    """All of them for spreadsheets, sent while they are read."""
    lines = csv_lines(EXPORTED, _exported(rows))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")


def _exported(rows: QuerySet) -> Iterator[list]:
    for row in _newest(rows):
        found = shown(row, EXPORTED)
        found["parameters"] = orjson.dumps(found["parameters"]).decode()
        yield [_cell(value) for value in found.values()]


def json_lines(rows: QuerySet) -> Iterator[bytes]:
    """The same as one JSON object, run by run."""
    between = b'{"deployments":[\n'
    for row in _newest(rows):
        yield between + dumps(shown(row))
        between = b",\n"
    yield between.removesuffix(b",\n") + b"]}\n"


def _newest(rows) -> Iterable[dict]:
    return values(rows.recent()).iterator(chunk_size=READ_AT_ONCE)


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
