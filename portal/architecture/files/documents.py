"""A row of the catalog as plain data, its members always in the same order."""

from typing import Any

from django.db.models import Prefetch

from portal.architecture.models import Dependency, Integration, Service, Zone
from portal.core.api.etags import of_content
from portal.core.api.renderers import dumps

OF_DEPENDENCY = ("hard", "protocol", "port", "data", "classification", "description")
OF_CONFIGURATION = (
    *("name", "kind", "purpose", "required", "example", "kept_in"),
    *("rotation_days", "rotated_on"),
)
LINKS = ("repository", "logs", "dashboard")
PLAIN = {
    Zone: ("slug", "name", "description", "ranges"),
    Integration: (
        *("slug", "name", "description", "provider", "direction"),
        *("address", "status_page", "contact"),
    ),
}


def documents_of(rows) -> list[dict]:
    """The documents of a queryset by slug; as many queries for a thousand as for one."""
    return [_document(row) for row in whole(rows).order_by("slug")]


def document_of(row: Any) -> dict:
    """The document of one row, as the database has it now."""
    [document] = documents_of(type(row)._default_manager.filter(pk=row.pk))
    return document


def whole(rows):
    """The rows with all that their documents say."""
    if rows.model is Service:
        needs = Dependency.objects.select_related("target", "integration")
        return rows.select_related("owner", "zone", "part_of").prefetch_related(
            Prefetch("dependencies", needs), "configuration"
        )
    return rows.select_related("owner") if rows.model is Integration else rows


def _document(row: Any) -> dict:
    if isinstance(row, Service):
        return _service(row)
    document = {name: getattr(row, name) for name in PLAIN[type(row)]}
    if isinstance(row, Integration):
        document["owner"] = _slug(row.owner)
    return document


def etag_of(document: dict) -> str:
    """The strong entity tag of a document."""
    return of_content(dumps(document))


def _slug(row) -> str | None:
    return row.slug if row else None


def _service(row: Service) -> dict:
    needs = [_dependency(each) for each in row.dependencies.all()]
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "tier": row.tier,
        "owner": _slug(row.owner),
        "zone": _slug(row.zone),
        "part_of": _slug(row.part_of),
        "description": row.description,
        "links": {name: getattr(row, name) for name in LINKS},
        "depends_on": sorted(needs, key=lambda each: [str(value) for value in each.values()]),
        "configuration": [
            {name: getattr(item, name) for name in OF_CONFIGURATION}
            for item in sorted(row.configuration.all(), key=lambda item: item.name)
        ],
    }


def _dependency(row: Dependency) -> dict:
    ends = {"service": _slug(row.target), "integration": _slug(row.integration)}
    return ends | {name: getattr(row, name) for name in OF_DEPENDENCY}
