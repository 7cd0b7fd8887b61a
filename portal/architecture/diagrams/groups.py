"""Zones and teams: the frames of a picture, and what stands for their members in a crowd."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse

from portal.accounts.models import Team
from portal.architecture.catalog.graph import Graph
from portal.architecture.models import Dependency, Service, Zone
from portal.core.problems import Refused

from .arrows import ends, joined
from .options import Options
from .shapes import Drawing, Node

NO_GROUP = {"zone": "No zone", "team": "No owner"}
PLURAL = {"zone": "zones", "team": "teams"}
PLACE = "group:"  # what no slug begins with
OUTSIDE = PLACE + "integrations:"


def sort_of(options: Options) -> str:
    """Whether groups are zones or teams."""
    return "team" if options.grouping == "team" else "zone"


def group_of(service: Service, options: Options) -> tuple[str, str]:
    """The key and the name of the group that a service belongs to."""
    sort = sort_of(options)
    row = service.owner if sort == "team" else service.zone
    return (row.slug, row.name) if row else ("-", NO_GROUP[sort])


def place_of(service: Service, options: Options) -> str:
    """The key of the thing that stands for the group of a service."""
    return PLACE + group_of(service, options)[0]


def refuse_unknown_group(graph: Graph, options: Options) -> None:
    """An empty group may be drawn. Raises Refused for one that does not exist."""
    slug = options.only
    if slug in ("", "-", *(group_of(row, options)[0] for row in graph.services.values())):
        return
    sort = sort_of(options)
    rows = (Team if sort == "team" else Zone).objects
    if "\x00" in slug or not rows.filter(slug=slug).exists():
        raise Refused(f"There is no {sort} “{slug}”.", pointer="/only")


def group_nodes(graph: Graph, slugs: Iterable[str], options: Options) -> list[Node]:
    """One thing for each group of these services, with how many of them it has."""
    by = replace(options, group=sort_of(options))
    sizes = Counter(group_of(graph.services[slug], by) for slug in slugs)
    return [
        Node(PLACE + key, label, "group", _count(size, "service"), _narrowed(by, key))
        for (key, label), size in sorted(sizes.items())
    ]


def summary(graph: Graph, options: Options, rows: list[Dependency], at: dict[str, str]) -> Drawing:
    """The groups instead of their many members, and one thing for all that is outside."""
    shown = set(at.values())
    places = {slug: place_of(graph.services[whole], options) for slug, whole in at.items()}
    nodes = group_nodes(graph, shown, options)
    outside = {row.integration.slug for row in rows if row.integration}
    if outside:
        address = reverse("architecture:diagram", args=["integrations"])
        note = _count(len(outside), "integration")
        nodes.append(Node(OUTSIDE, "Outside", "group", note, address))
    arrows = joined(((*ends(row, places, OUTSIDE), row) for row in rows), options)
    return Drawing("", _words(len(shown), options), nodes, [], arrows)


def _words(size: int, options: Options) -> str:
    refused = " They are too many to be drawn without groups." if options.group == "none" else ""
    level = ", with the highest classification" if options.view == "data-flow" else ""
    return (
        f"{size} services in {PLURAL[sort_of(options)]}, and how many dependencies join these"
        f"{level}.{refused} Open one."
    )


def _narrowed(options: Options, key: str) -> str:
    address = reverse("architecture:diagram", args=[options.view])
    return f"{address}?{replace(options, service='', only=key).query}"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"
