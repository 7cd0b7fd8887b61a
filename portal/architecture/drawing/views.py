"""Which part of the catalog each view shows, and in which words."""

from collections import Counter
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode

from portal.architecture.graph import Graph
from portal.architecture.models import Classification, Dependency, Integration, Service
from portal.core.problems import Refused

from .shapes import Arrow, Drawing, Group, Node

VIEWS = {
    "context": "Context",
    "components": "Components",
    "data-flow": "Data flow",
    "network": "Network",
    "integrations": "Integrations",
}
GROUPS = {"zone": "Zone", "team": "Team", "none": "Nothing"}
DEEPEST = 5
MOST_NODES = 60
MOST_DRAWN, MOST_ARROWS = 200, 500  # what is drawn with its arrows
NO_GROUP = {"zone": "No zone", "team": "No owner"}


@dataclass(frozen=True)
class Options:
    """What somebody asks to see. `only` narrows to one group by its slug."""

    view: str = "context"
    service: str = ""
    depth: int = 1
    group: str = ""
    only: str = ""

    @classmethod
    def of(cls, view: str, asked) -> "Options":
        """From a query string or a fenced block. Raises Refused with what may be asked instead."""
        if view not in VIEWS:
            raise Refused(
                f"There is no view “{view}”. Use one of {', '.join(VIEWS)}.", pointer="/view"
            )
        depth, group = str(asked.get("depth") or 1), asked.get("group") or ""
        if not (depth.isascii() and depth.isdigit() and 1 <= int(depth[:3]) <= DEEPEST):
            raise Refused(f"The depth is a number from 1 to {DEEPEST}.", pointer="/depth")
        if group and group not in GROUPS:
            raise Refused(f"Group by one of {', '.join(GROUPS)}.", pointer="/group")
        return cls(view, asked.get("service") or "", int(depth), group, asked.get("only") or "")

    @property
    def grouping(self) -> str:
        return self.group or ("zone" if self.view == "network" else "none")

    @property
    def query(self) -> str:
        """As a query string, without what is not said."""
        said = {"service": self.service, "group": self.group, "only": self.only}
        said |= {"depth": str(self.depth)} if self.depth > 1 else {}
        return urlencode({name: value for name, value in said.items() if value})


def draw(graph: Graph, options: Options) -> Drawing:
    """The picture of a view. Raises Refused for a service that does not exist."""
    if options.service and options.service not in graph.services:
        raise Refused(f"There is no service “{options.service}”.", pointer="/service")
    at = _standing(graph, options)
    shown = {at[slug] for slug in _services(graph, options)}
    rows = [row for row in graph.dependencies if _is_shown(row, shown, options, at)]
    if len(shown) > MOST_NODES and not (options.service or options.only):
        return _bounded(_summary(graph, options, shown, rows, at))
    return _bounded(_whole(graph, options, shown, rows, at))


def _bounded(drawing: Drawing) -> Drawing:
    """Nobody could follow so many arrows, and finding their ways would take long."""
    if len(drawing.nodes) <= MOST_DRAWN and len(drawing.arrows) <= MOST_ARROWS:
        return drawing
    words = (
        f"{len(drawing.arrows)} connections are too many to be drawn: only the things are shown."
    )
    return replace(drawing, arrows=[], description=words)


def _standing(graph: Graph, options: Options) -> dict[str, str]:
    """Which service each is shown as: in a context components are what they are parts of."""
    if options.view != "context" or options.only:
        return {slug: slug for slug in graph.services}
    inside = graph.components(options.service) if options.service else set()
    above = set(graph.wholes(options.service)) if options.service else set()
    found = {}
    for slug in graph.services:
        whole = [name for name in graph.wholes(slug) if name not in above]
        found[slug] = options.service if slug in inside else whole[-1] if whole else slug
    return found


def _services(graph: Graph, options: Options) -> set[str]:
    if options.service:
        return _around(graph, options)
    shown = set(graph.services)
    if options.only:
        shown = {
            slug for slug in shown if _group_of(graph.services[slug], options)[0] == options.only
        }
    return _with_integrations(graph, shown) if options.view == "integrations" else shown


def _with_integrations(graph: Graph, slugs: set[str]) -> set[str]:
    return slugs & {row.source.slug for row in graph.dependencies if row.integration}


def _around(graph: Graph, options: Options) -> set[str]:
    if options.view == "components":
        inside = graph.components(options.service)
        near = (graph.around(slug, 1) for slug in inside)
        return inside.union(*near)
    if options.view == "context":
        inside = graph.components(options.service)
        return inside.union(*(graph.around(slug, options.depth) for slug in inside))
    found = graph.around(options.service, options.depth)
    if options.view == "integrations":
        return {options.service} | _with_integrations(graph, found)
    return found


def _is_shown(row: Dependency, shown: set[str], options: Options, at: dict[str, str]) -> bool:
    if at[row.source.slug] not in shown:
        return False
    if row.target:
        target = at[row.target.slug]
        is_within = target == at[row.source.slug]
        return target in shown and not is_within and options.view != "integrations"
    return options.view in ("context", "integrations", "data-flow", "components")


def _whole(
    graph: Graph, options: Options, shown: set[str], rows: list[Dependency], at: dict[str, str]
) -> Drawing:
    services = [graph.services[slug] for slug in sorted(shown)]
    outside = sorted({row.integration.slug for row in rows if row.integration})
    nodes = [_node(service, options) for service in services]
    nodes += [_outside(graph.integrations[slug]) for slug in outside]
    used = {node.group for node in nodes}
    groups = dict(_group_of(each, options) for each in services)
    frames = [Group(key, label) for key, label in sorted(groups.items()) if key in used and key]
    arrows = list(dict.fromkeys(_arrow(row, options, at) for row in rows))
    return Drawing(_title(graph, options), _words(nodes, arrows), nodes, frames, arrows)


def _node(service: Service, options: Options) -> Node:
    group = "" if options.grouping == "none" else _group_of(service, options)[0]
    note = f"tier {service.tier}"
    if options.view == "context" and service.owner:
        note = service.owner.name
    return Node(service.slug, service.name, service.kind, note, service.get_absolute_url(), group)


def _outside(integration: Integration) -> Node:
    address = f"{reverse('architecture:integrations')}?only={integration.slug}"
    note = integration.provider or integration.get_direction_display()
    return Node(f"x-{integration.slug}", integration.name, "external", note, address)


def _group_of(service: Service, options: Options) -> tuple[str, str]:
    """The key and the name of the frame that a service stands in."""
    by_team = options.grouping == "team"
    row = service.owner if by_team else service.zone
    return (row.slug, row.name) if row else ("-", NO_GROUP["team" if by_team else "zone"])


def _arrow(row: Dependency, options: Options, at: dict[str, str]) -> Arrow:
    source = at[row.source.slug]
    target = at[row.target.slug] if row.target else f"x-{row.integration.slug}"
    if row.integration and row.integration.direction == Integration.Direction.INBOUND:
        source, target = target, source
    return Arrow(source, target, _label(row, options), _look(row, options))


def _label(row: Dependency, options: Options) -> str:
    port = f"{row.protocol} {row.port}" if row.port else row.protocol
    if options.view == "data-flow":
        level = Classification(row.classification).label.lower()
        return f"{row.data or 'data'} ({level})"
    if options.view in ("network", "integrations"):
        return port.strip()
    return row.protocol if row.hard else f"{row.protocol} (soft)".strip()


def _look(row: Dependency, options: Options) -> str:
    if options.view == "data-flow":
        return row.classification
    return "plain" if row.hard else "soft"


def _title(graph: Graph, options: Options) -> str:
    name = graph.services[options.service].name if options.service else "all services"
    if options.only and not options.service:
        groups = (_group_of(service, options) for service in graph.services.values())
        name = next((label for key, label in groups if key == options.only), options.only)
    return f"{VIEWS[options.view]}: {name}"


def _words(nodes: list, arrows: list) -> str:
    return f"{len(nodes)} things and {len(arrows)} connections."


def _summary(
    graph: Graph, options: Options, shown: set[str], rows: list[Dependency], at: dict[str, str]
) -> Drawing:
    """The groups instead of their many members, with how many there are."""
    by = replace(options, group=options.group if options.group in NO_GROUP else "zone")
    groups = {slug: _group_of(graph.services[slug], by) for slug in shown}
    sizes = Counter(groups.values())
    nodes = [
        Node(key, label, "group", _count(size, "service"), _narrowed(by, key))
        for (key, label), size in sorted(sizes.items())
    ]
    ends = Counter(
        (groups[at[row.source.slug]][0], groups[at[row.target.slug]][0])
        for row in rows
        if row.target
    )
    arrows = [
        Arrow(source, target, _count(size, "dependency", "dependencies"))
        for (source, target), size in sorted(ends.items())
        if source != target
    ]
    words = f"{len(shown)} services are too many for one picture: these are their groups. Open one."
    return Drawing(_title(graph, by), words, nodes, [], arrows)


def _narrowed(options: Options, key: str) -> str:
    address = reverse("architecture:diagram", args=[options.view])
    return f"{address}?{replace(options, only=key).query}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
