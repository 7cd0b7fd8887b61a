"""Diagrams of the catalog, and who needs whom."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.architecture.catalog.graph import Graph, reach
from portal.architecture.diagrams import VIEWS, Options
from portal.architecture.diagrams.mermaid import mermaid
from portal.architecture.diagrams.selection import DEEPEST, GROUPS
from portal.architecture.diagrams.sheets import sheets
from portal.architecture.diagrams.svg import THEMES
from portal.architecture.models import Integration, Service
from portal.core.api import etags
from portal.core.problems import Refused
from portal.core.web.refusals import refusals_shown

reading = permission_required("architecture.view_service", raise_exception=True)
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _options(request, view: str) -> Options:
    if view not in VIEWS:
        raise Http404
    return Options.of(view, request.GET)


@require_safe
@reading
@refusals_shown
def diagram(request, view="context"):
    """A diagram with what can be chosen, and all that it shows as a table."""
    options = _options(request, view)
    sheet = sheets.get(options)
    address = reverse("architecture:diagram-svg", args=[options.view])
    context = {
        "options": options,
        "drawing": sheet.drawing,
        "sheet": sheet,
        "picture": f"{address}?{options.query}".rstrip("?"),
        "views": VIEWS,
        "groups": GROUPS,
        "depths": range(1, DEEPEST + 1),
        "now": timezone.now(),
    }
    return render(request, "architecture/diagram.html", context)


@require_safe
@reading
@refusals_shown
def diagram_svg(request, view):
    """The picture alone; `theme` is light, dark or print."""
    theme = request.GET.get("theme", "")
    if theme and theme not in THEMES:
        raise Refused(f"The theme is one of {', '.join(THEMES)}.")
    content, etag = sheets.get(_options(request, view)).picture(theme)
    if etags.is_unchanged(request, etag):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(content, content_type="image/svg+xml")
    answer.headers["ETag"] = etag
    answer.headers["Content-Security-Policy"] = ALONE
    return answer


@require_safe
@reading
@refusals_shown
def diagram_mermaid(request, view):
    """The text of the diagram, for documents elsewhere."""
    text = mermaid(sheets.get(_options(request, view)).drawing, links=False)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@reading
@refusals_shown
def needs(request, slug):
    """What a service needs."""
    graph = Graph.load()
    return _reach(request, graph, graph.services.get(slug), "needs")


@require_safe
@reading
@refusals_shown
def dependents(request, slug):
    """What depends on a service or its parts: its blast radius."""
    graph = Graph.load()
    return _reach(request, graph, graph.services.get(slug), "dependents")


@require_safe
@reading
@refusals_shown
def users(request, slug):
    """What depends on an integration."""
    graph = Graph.load()
    return _reach(request, graph, graph.integrations.get(slug), "users")


def _reach(request, graph: Graph, thing: Service | Integration | None, side: str):
    if thing is None:
        raise Http404
    context = {
        "thing": thing,
        "side": side,
        "parts": len(graph.components(thing.slug)) - 1 if isinstance(thing, Service) else 0,
        "depth": request.GET.get("depth", ""),
        "only_hard": request.GET.get("hard") in ("true", "1"),
        "reach": reach(graph, side, thing.slug, request.GET),
    }
    return render(request, "architecture/reach.html", context)
