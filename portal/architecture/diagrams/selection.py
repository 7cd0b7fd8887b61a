"""Which part of the catalog each view shows, and in which words."""

from dataclasses import replace

from portal.architecture.catalog.graph import Graph
from portal.architecture.models import Dependency, Integration, Service
from portal.core.problems import Refused

from .arrows import arrow, bundled, ends
from .groups import PLACE, group_nodes, group_of, place_of, refuse_unknown_group, summary
from .options import DEEPEST, GROUPS, VIEWS, Options
from .shapes import Arrow, Drawing, Group, Node

__all__ = ["DEEPEST", "GROUPS", "VIEWS", "Options", "draw"]

MOST_NODES = 60
MOST_DRAWN, MOST_ARROWS = 200, 500  # what is drawn with its arrows


def draw(graph: Graph, options: Options) -> Drawing:
    """The picture of a view. Raises Refused for a service, zone or team that does not exist."""
    if options.service and options.service not in graph.services:
        raise Refused(f"There is no service “{options.service}”.", pointer="/service")
    refuse_unknown_group(graph, options)
    chosen = _services(graph, options)
    at = _standing(graph, options, chosen)
    shown = {at[slug] for slug in chosen}
    rows = _rows(graph, options, shown, at)
    if len(shown) > MOST_NODES and not (options.service or options.only):
        drawing = summary(graph, options, rows, {slug: at[slug] for slug in chosen})
    else:
        drawing = _whole(graph, options, shown, rows, at)
    return _bounded(replace(drawing, title=_title(graph, options)))


def _bounded(drawing: Drawing) -> Drawing:
    """Nobody could follow so many arrows, and finding their ways would take long."""
    if len(drawing.nodes) <= MOST_DRAWN and len(drawing.arrows) <= MOST_ARROWS:
        return drawing
    many = _count(drawing.arrows, "connection")
    words = f"{many} are too many to be drawn: only the components are shown."
    return replace(drawing, arrows=[], description=words)


def _services(graph: Graph, options: Options) -> set[str]:
    if options.service and options.view == "integrations":
        return {options.service} | _with_integrations(graph, _users(graph, options))
    if options.service:
        return graph.around(options.service, options.depth)
    shown = set(graph.services)
    if options.only:
        shown = {s for s in shown if group_of(graph.services[s], options)[0] == options.only}
    return _with_integrations(graph, shown) if options.view == "integrations" else shown


def _with_integrations(graph: Graph, slugs: set[str]) -> set[str]:
    return slugs & {row.source.slug for row in graph.dependencies if row.integration}


def _users(graph: Graph, options: Options) -> set[str]:
    """Those whose integrations are within the steps: an integration is a step farther."""
    return graph.around(options.service, options.depth - 1)


def _standing(graph: Graph, options: Options, chosen: set[str]) -> dict[str, str]:
    """What each is shown as: beside an opened group the others are one thing each, and in a
    context components are what they are parts of."""
    if options.only and not options.service:
        return {
            slug: slug if slug in chosen else place_of(row, options)
            for slug, row in graph.services.items()
        }
    if options.view != "context":
        return {slug: slug for slug in graph.services}
    return _wholes(graph, options.service)


def _wholes(graph: Graph, service: str) -> dict[str, str]:
    """The outermost whole of each; of a service and what it is a part of, the service itself."""
    inside = graph.components(service) if service else set()
    above = set(graph.wholes(service)) if service else set()
    found = {}
    for slug in graph.services:
        whole = [name for name in graph.wholes(slug) if name not in above]
        found[slug] = service if slug in inside else whole[-1] if whole else slug
    return found


def _rows(graph: Graph, options: Options, shown: set[str], at: dict[str, str]) -> list[Dependency]:
    rows = [row for row in graph.dependencies if _is_shown(row, shown, options, at)]
    if not options.service:
        return rows
    users = {at[slug] for slug in _users(graph, options)}
    near = {row.integration for row in rows if row.integration and at[row.source.slug] in users}
    return [row for row in rows if not row.integration or row.integration in near]


def _is_shown(row: Dependency, shown: set[str], options: Options, at: dict[str, str]) -> bool:
    source = at[row.source.slug]
    if row.integration:
        return source in shown and options.view != "network"
    if options.view == "integrations":
        return False
    both = {source, at[row.target.slug]}
    is_seen = all(place in shown or _is_place(place) for place in both)
    return len(both) == 2 and is_seen and not both.isdisjoint(shown)


def _is_place(key: str) -> bool:
    return key.startswith(PLACE)


def _whole(
    graph: Graph, options: Options, shown: set[str], rows: list[Dependency], at: dict[str, str]
) -> Drawing:
    services = [graph.services[slug] for slug in sorted(shown)]
    outside = sorted({row.integration.slug for row in rows if row.integration})
    nodes = [_node(service, options) for service in services]
    nodes += _others(graph, options, rows, at)
    nodes += [_outside(graph.integrations[slug]) for slug in outside]
    used = {node.group for node in nodes}
    groups = dict(group_of(each, options) for each in services)
    frames = [Group(key, label) for key, label in sorted(groups.items()) if key in used and key]
    arrows = _arrows(rows, options, at)
    return Drawing("", _words(nodes, arrows), nodes, frames, arrows)


def _others(
    graph: Graph, options: Options, rows: list[Dependency], at: dict[str, str]
) -> list[Node]:
    """The groups that an opened one is connected with."""
    used = {place for row in rows for place in ends(row, at) if _is_place(place)}
    return group_nodes(graph, [slug for slug, place in at.items() if place in used], options)


def _arrows(rows: list[Dependency], options: Options, at: dict[str, str]) -> list[Arrow]:
    """One for each way; those to other groups are joined."""
    ways = [(*ends(row, at), row) for row in rows]
    near, far = (
        [way for way in ways if any(map(_is_place, way[:2])) == is_far] for is_far in (False, True)
    )
    return [*dict.fromkeys(arrow(*way, options) for way in near), *bundled(far, options)]


def _node(service: Service, options: Options) -> Node:
    group = "" if options.grouping == "none" else group_of(service, options)[0]
    note = f"tier {service.tier}"
    if options.view == "context" and service.owner:
        note = service.owner.name
    return Node(service.slug, service.name, service.kind, note, service.get_absolute_url(), group)


def _outside(integration: Integration) -> Node:
    note = integration.provider or integration.get_direction_display()
    return Node(
        f"x-{integration.slug}", integration.name, "external", note, integration.get_absolute_url()
    )


def _title(graph: Graph, options: Options) -> str:
    name = graph.services[options.service].name if options.service else "all services"
    if options.only and not options.service:
        groups = (group_of(service, options) for service in graph.services.values())
        name = next((label for key, label in groups if key == options.only), options.only)
    return f"{VIEWS[options.view]}: {name}"


def _words(nodes: list, arrows: list) -> str:
    return f"{_count(nodes, 'component')} and {_count(arrows, 'connection')}."


def _count(items: list, noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"
