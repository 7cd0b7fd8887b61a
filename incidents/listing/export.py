"""The list of incidents as CSV, sent while it is read."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from incidents.models import Incident
from portal.core.web.csv_tables import csv_lines

HEAD = (
    *("number", "severity", "state", "title", "owner", "source", "is_drill", "is_restricted"),
    *("declared_at", "declared_by", "acknowledged_at", "acknowledged_by"),
    *("mitigated_at", "resolved_at", "closed_at", "outcome"),
)
READ_AT_ONCE = 500


def as_csv(rows: QuerySet) -> StreamingHttpResponse:
    """The newest first."""
    rows = rows.select_related("owner", "declared_by", "acknowledged_by")
    lines = csv_lines(HEAD, _cells(rows.order_by("-declared_at", "-pk")))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")


def _cells(rows: QuerySet) -> Iterator[list]:
    for row in rows.iterator(chunk_size=READ_AT_ONCE):
        yield [_cell(row, name) for name in HEAD]


def _cell(row: Incident, name: str) -> object:
    if name == "severity":
        return row.severity_name
    value = getattr(row, name)
    return value.isoformat() if name.endswith("_at") and value else value
