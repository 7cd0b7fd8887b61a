"""Diagrams drawn from the catalog as it is now: in words, as SVG, as text of Mermaid."""

from dataclasses import asdict

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from portal.architecture.catalog import serializers
from portal.architecture.catalog.api.base import CatalogView
from portal.architecture.diagrams import VIEWS, Options
from portal.architecture.diagrams.mermaid import mermaid, text_of
from portal.architecture.diagrams.selection import GROUPS
from portal.architecture.diagrams.shapes import Drawing
from portal.architecture.diagrams.sheets import Sheet, sheets
from portal.architecture.diagrams.svg import THEMES
from portal.core.api.parameters import query
from portal.core.api.renderers import SVGRenderer, TextRenderer, json_response
from portal.core.problems import Refused
from portal.core.web.address import absolute

DRAWN_EXAMPLE = {
    "view": "network",
    "title": "Network: all services",
    "description": "0 components and 0 connections.",
    "nodes": [],
    "groups": [],
    "arrows": [],
    "mermaid": "flowchart LR",
}
DRAWN = [
    query("service", "Slug of a service: it and its neighbours only."),
    OpenApiParameter("depth", int, OpenApiParameter.QUERY, description="1 to 5 steps around it."),
    query("group", "What frames stand for.", enum=list(GROUPS)),
    query("only", "Slug of the zone or team to show alone."),
]


class DiagramView(CatalogView):
    def drawing(self, view: str) -> Drawing:
        return self.sheet(view).drawing

    def sheet(self, view: str) -> Sheet:
        if view not in VIEWS:
            raise Http404
        return sheets.get(Options.of(view, self.request.query_params))


class Diagram(DiagramView):
    @extend_schema(
        operation_id="diagrams_read",
        parameters=DRAWN,
        responses=serializers.DiagramSerializer,
        examples=[OpenApiExample("Network", DRAWN_EXAMPLE, response_only=True)],
    )
    def get(self, request, view):
        """A diagram drawn from the catalog now: context, components, data-flow, network, …"""
        drawing = self.drawing(view)
        text, shown = text_of(drawing) or None, asdict(drawing)
        for node in shown["nodes"]:
            node["url"] = absolute(node["url"]) if node["url"] else ""
        return json_response({"view": view, **shown, "mermaid": text})


class DiagramSvg(DiagramView):
    renderer_classes = (SVGRenderer,)

    @extend_schema(
        operation_id="diagrams_svg",
        parameters=[*DRAWN, query("theme", "Follows the reader if not given.", enum=list(THEMES))],
        responses={(200, "image/svg+xml"): str},
    )
    def get(self, request, view):
        """The same as a picture that stands alone."""
        theme = request.query_params.get("theme", "")
        if theme and theme not in THEMES:
            raise Refused(f"The theme is one of {', '.join(THEMES)}.", pointer="/theme")
        return HttpResponse(self.sheet(view).picture(theme)[0], content_type="image/svg+xml")


class PlainRenderer(TextRenderer):
    media_type = "text/plain"
    format = "mermaid"


class DiagramMermaid(DiagramView):
    renderer_classes = (PlainRenderer,)

    @extend_schema(
        operation_id="diagrams_mermaid",
        parameters=DRAWN,
        responses={(200, "text/plain"): str},
    )
    def get(self, request, view):
        """The same as text of Mermaid."""
        text = mermaid(self.drawing(view), links=False)
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
