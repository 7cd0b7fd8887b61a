"""What a service needs, what depends on it, and what does not add up."""

from dataclasses import asdict

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema

from portal.architecture.catalog import serializers
from portal.architecture.catalog.findings import findings
from portal.architecture.catalog.graph import Graph, Outside, Reached, reach
from portal.architecture.models import Integration, Service
from portal.core.api.renderers import json_response

from .base import CatalogView

REACH = [
    OpenApiParameter("depth", int, OpenApiParameter.QUERY, description="No further than so many."),
    OpenApiParameter("hard", bool, OpenApiParameter.QUERY, description="`true`: only what stops."),
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
        parameters=REACH,
        responses=serializers.NeededSerializer(many=True),
    )
    def get(self, request, slug):
        """Every service and integration that a service or its parts need, the nearest first."""
        found = self.reach("needs", slug)
        rows = [_needed(each) for each in (*found.services, *found.outside)]
        return json_response(sorted(rows, key=lambda row: row["depth"]))


class Dependents(ReachView):
    @extend_schema(
        operation_id="services_dependents",
        parameters=REACH,
        responses=serializers.ReachedSerializer(many=True),
    )
    def get(self, request, slug):
        """Everything that depends on a service or its parts: its blast radius, nearest first."""
        return json_response([_service(each) for each in self.reach("dependents", slug).services])


class Users(ReachView):
    permissions = {"GET": "architecture.view_integration"}

    @extend_schema(
        operation_id="integrations_dependents",
        parameters=REACH,
        responses=serializers.ReachedSerializer(many=True),
    )
    def get(self, request, slug):
        """Everything that depends on an integration, the nearest first."""
        return json_response([_service(each) for each in self.reach("users", slug).services])


class Findings(CatalogView):
    @extend_schema(
        operation_id="catalog_findings", responses=serializers.CatalogFindingSerializer(many=True)
    )
    def get(self, request):
        """What does not add up: circles, no owner, no port, overdue secrets, orphans."""
        found = findings(Graph.load(), on=timezone.localdate(), user=request.user)
        return json_response([asdict(each) for each in found])
