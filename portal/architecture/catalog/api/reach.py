"""What a service needs, what depends on it, and its problems."""

from dataclasses import asdict

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema

from portal.architecture.catalog import serializers
from portal.architecture.catalog.findings import findings
from portal.architecture.catalog.graph import Graph, Outside, Reached, reach
from portal.architecture.models import Integration, Service
from portal.core.api.parameters import PAGED, page_of
from portal.core.web.address import absolute

from .base import CatalogView

REACH = [
    OpenApiParameter("depth", int, OpenApiParameter.QUERY, description="No further than so many."),
    OpenApiParameter(
        "hard", bool, OpenApiParameter.QUERY, description="`true`: only what is down then."
    ),
]


class ReachView(CatalogView):
    def reach(self, side: str, slug: str):
        graph = Graph.load()
        if slug not in (graph.integrations if side == "users" else graph.services):
            raise Http404
        return reach(graph, side, slug, self.request.query_params)


def _service(each: Reached) -> dict:
    row = each.service
    return {"service": row.slug, **_thing(row), "tier": row.tier, **_distance(each)}


def _needed(each: Reached | Outside) -> dict:
    """A service or an integration in one shape."""
    if isinstance(each, Reached):
        return {**_service(each), "integration": None, "needed_by": []}
    row, needed_by = each.integration, [service.slug for service in each.needed_by]
    ends = {"service": None, "integration": row.slug}
    return {**ends, **_thing(row), "tier": None, **_distance(each), "needed_by": needed_by}


def _thing(row: Service | Integration) -> dict:
    return {"name": row.name, "owner": row.owner.slug if row.owner else None}


def _distance(each: Reached | Outside) -> dict:
    return {"depth": each.depth, "hard": each.hard}


class Needs(ReachView):
    @extend_schema(
        operation_id="services_needs",
        parameters=[*REACH, *PAGED],
        responses=page_of(serializers.NeededSerializer),
    )
    def get(self, request, slug):
        """Every service and integration that a service or its parts need, the nearest first."""
        found = self.reach("needs", slug)
        rows = [_needed(each) for each in (*found.services, *found.outside)]
        return self.computed(sorted(rows, key=lambda row: row["depth"]), "needs")


class Dependents(ReachView):
    @extend_schema(
        operation_id="services_dependents",
        parameters=[*REACH, *PAGED],
        responses=page_of(serializers.ReachedSerializer),
    )
    def get(self, request, slug):
        """Everything that depends on a service or its parts: its blast radius, nearest first."""
        found = self.reach("dependents", slug).services
        return self.computed([_service(each) for each in found], "dependents")


class Users(ReachView):
    permissions = {"GET": "architecture.view_integration"}

    @extend_schema(
        operation_id="integrations_dependents",
        parameters=[*REACH, *PAGED],
        responses=page_of(serializers.ReachedSerializer),
    )
    def get(self, request, slug):
        """Everything that depends on an integration, the nearest first."""
        found = self.reach("users", slug).services
        return self.computed([_service(each) for each in found], "users")


class Findings(CatalogView):
    @extend_schema(
        operation_id="catalog_findings",
        parameters=PAGED,
        responses=page_of(serializers.CatalogFindingSerializer),
    )
    def get(self, request):
        """What does not add up: circles, no owner, no port, overdue secrets, orphans."""
        found = findings(Graph.load(), on=timezone.localdate(), user=request.user)
        shown = [{**asdict(each), "url": absolute(each.url)} for each in found]
        return self.computed(shown, "findings")
