"""The log of runs as CSV and JSON, and counted by day."""

from collections.abc import Iterator
from datetime import datetime

import orjson
from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from portal.core.api.renderers import dumps
from portal.core.web.csv_tables import csv_lines

from .filters import NEWEST_FIRST
from .serializers import RunRowSerializer

ROW = RunRowSerializer
KEYS = NEWEST_FIRST.keys
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
