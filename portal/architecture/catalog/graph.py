"""The catalog as a graph: who needs whom, how far, and in which circles."""

from collections import defaultdict, deque
from dataclasses import dataclass
from functools import cached_property

from portal.architecture.models import Dependency, Integration, Service
from portal.core.problems import Refused


@dataclass(frozen=True)
class Reached:
    """A service at a distance; `hard` if every step of the way there is a hard dependency."""

    service: Service
    depth: int
    hard: bool


@dataclass(frozen=True)
class Outside:
    """An integration at a distance, and which of the services on the way there need it."""

    integration: Integration
    depth: int
    hard: bool
    needed_by: tuple[Service, ...]


@dataclass(frozen=True)
class Reach:
    """All that is on one side of a service, the nearest first."""

    services: list[Reached]
    outside: list[Outside]

    @property
    def hard(self) -> int:
        """How many of them stop, or stop it."""
        return sum(each.hard for each in self.services) + sum(each.hard for each in self.outside)


class Graph:
    """All services, integrations and dependencies, read in three queries."""

    def __init__(self, services, integrations, dependencies):
        self.services: dict[str, Service] = {row.slug: row for row in services}
        self.integrations: dict[str, Integration] = {row.slug: row for row in integrations}
        by_key = {row.pk: row for row in self.services.values()}
        outside = {row.pk: row for row in self.integrations.values()}
        for service in by_key.values():
            if service.part_of_id:
                service.part_of = by_key.get(service.part_of_id)
        for row in dependencies:
            row.source = by_key[row.source_id]
            row.target = by_key.get(row.target_id)
            row.integration = outside.get(row.integration_id)
        self.dependencies: list[Dependency] = list(dependencies)

    @classmethod
    def load(cls) -> "Graph":
        services = Service.objects.select_related("owner", "zone").order_by("name", "pk")
        integrations = Integration.objects.select_related("owner").order_by("name", "pk")
        return cls(list(services), list(integrations), list(Dependency.objects.order_by("pk")))

    def needs(self, slug: str, depth: int | None = None) -> list[Reached]:
        """Everything that a service or its parts need, the nearest first.

        Circles end where they began.
        """
        inside = dict.fromkeys(self.components(slug), 0)
        return self._reached(inside, inside, self._out, depth)

    def dependents(self, slug: str, depth: int | None = None) -> list[Reached]:
        """Everything that depends on a service or its parts: its blast radius, nearest first."""
        inside = dict.fromkeys(self.components(slug), 0)
        return self._reached(inside, inside, self._in, depth)

    def users(self, slug: str, depth: int | None = None) -> list[Reached]:
        """Everything that depends on an integration, the nearest first."""
        rows = [row for row in self.dependencies if row.integration and row.end.slug == slug]
        near = {row.source.slug: 1 for row in rows}
        hard = {row.source.slug: 1 for row in rows if row.hard}
        return self._reached(near, hard, self._in, depth)

    def around(self, slug: str, depth: int) -> set[str]:
        """The service, its parts, and all that are within so many steps in either direction."""
        found = [*self.needs(slug, depth), *self.dependents(slug, depth)]
        return self.components(slug).union(each.service.slug for each in found)

    def outside(self, slug: str, depth: int | None = None) -> list[Outside]:
        """The integrations that a service and its parts need, also through others."""
        near = self.needs(slug, None if depth is None else depth - 1)
        steps = {each.service.slug: each for each in near}
        for part in self.components(slug):
            steps[part] = Reached(self.services[part], 0, hard=True)
        ways: dict[str, list[tuple[Reached, bool]]] = defaultdict(list)
        for row in self.dependencies:
            if row.integration and row.source.slug in steps:
                ways[row.integration.slug].append((steps[row.source.slug], row.hard))
        found = [_outside(self.integrations[name], found) for name, found in ways.items()]
        return sorted(found, key=lambda each: (each.depth, not each.hard, each.integration.name))

    def components(self, slug: str) -> set[str]:
        """The service and everything that is a part of it, however deep."""
        found, waiting = {slug}, [slug]
        while waiting:
            parts = [part for part in self._parts[waiting.pop()] if part not in found]
            found.update(parts)
            waiting += parts
        return found

    def wholes(self, slug: str) -> list[str]:
        """What a service is a part of, the nearest first."""
        found: list[str] = []
        above = self.services[slug].part_of
        while above and above.slug not in (slug, *found):
            found.append(above.slug)
            above = above.part_of
        return found

    def cycles(self) -> list[list[Service]]:
        """Groups of services that need each other, directly or not, over hard dependencies."""
        groups = _strongly_connected({slug: self._hard_out(slug) for slug in self.services})
        return [[self.services[slug] for slug in sorted(group)] for group in sorted(groups)]

    def _hard_out(self, slug: str) -> list[str]:
        return [other for other, hard in self._out[slug] if hard]

    @cached_property
    def _out(self) -> dict[str, list[tuple[str, bool]]]:
        found = defaultdict(list)
        for row in self.dependencies:
            if row.target:
                found[row.source.slug].append((row.target.slug, row.hard))
        return found

    @cached_property
    def _in(self) -> dict[str, list[tuple[str, bool]]]:
        found = defaultdict(list)
        for source, targets in self._out.items():
            for target, hard in targets:
                found[target].append((source, hard))
        return found

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for service in self.services.values():
            if service.part_of:
                found[service.part_of.slug].append(service.slug)
        return found

    def _reached(
        self, near: dict[str, int], hard: dict[str, int], edges, depth: int | None
    ) -> list[Reached]:
        """What is reached from services at such distances; `hard` are those over hard needs."""
        far = _distances(near, lambda at: [other for other, _ in edges[at]], depth)
        over = _distances(hard, lambda at: [other for other, is_hard in edges[at] if is_hard], None)
        found = [Reached(self.services[name], far[name], name in over) for name in far if far[name]]
        return sorted(found, key=lambda each: (each.depth, not each.hard, each.service.name))


def _outside(integration: Integration, ways: list[tuple[Reached, bool]]) -> Outside:
    depth = 1 + min(step.depth for step, _ in ways)
    hard = any(step.hard and is_hard for step, is_hard in ways)
    by = {step.service.slug: step.service for step, _ in ways}
    return Outside(integration, depth, hard, tuple(sorted(by.values(), key=lambda row: row.name)))


def reach(graph: Graph, side: str, slug: str, asked) -> Reach:
    """What a query string asks of one side: `depth` and `hard`. Raises Refused."""
    depth, hard = asked.get("depth") or "", asked.get("hard") or ""
    if depth and not (depth.isascii() and depth.isdigit() and int(depth[:5]) > 0):
        raise Refused("The depth is a number from 1.", pointer="/depth")
    if hard not in ("", "true", "false", "1", "0"):
        raise Refused("Say true or false.", pointer="/hard")
    steps, only_hard = int(depth[:5]) if depth else None, hard in ("true", "1")
    services = getattr(graph, side)(slug, steps)
    outside = graph.outside(slug, steps) if side == "needs" else []
    return Reach(
        [each for each in services if each.hard or not only_hard],
        [each for each in outside if each.hard or not only_hard],
    )


def _distances(start: dict[str, int], following, depth: int | None) -> dict[str, int]:
    """How many steps away each is; `start` is what is known, all at the same distance."""
    found, waiting = dict(start), deque(start)
    while waiting:
        at = waiting.popleft()
        if depth is not None and found[at] >= depth:
            continue
        for other in following(at):
            if other not in found:
                found[other] = found[at] + 1
                waiting.append(other)
    return found


def _strongly_connected(edges: dict[str, list[str]]) -> list[list[str]]:
    """The groups of more than one that reach each other, by Kosaraju's algorithm."""
    backwards = defaultdict(list)
    for source, targets in edges.items():
        for target in targets:
            backwards[target].append(source)
    groups: list[list[str]] = []
    seen: set[str] = set()
    for start in reversed(_by_finish(edges)):
        group = _distances_in(start, backwards, seen)
        seen.update(group)
        if len(group) > 1:
            groups.append(sorted(group))
    return groups


def _by_finish(edges: dict[str, list[str]]) -> list[str]:
    """All nodes in the order in which a search in depth leaves them."""
    order: list[str] = []
    seen: set[str] = set()
    for start in edges:
        stack = [(start, iter(edges[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            name, rest = stack[-1]
            other = next((each for each in rest if each not in seen), None)
            if other is None:
                order.append(name)
                stack.pop()
            else:
                seen.add(other)
                stack.append((other, iter(edges[other])))
    return order


def _distances_in(start: str, edges, without: set[str]) -> list[str]:
    if start in without:
        return []
    return list(_distances({start: 0}, lambda at: [e for e in edges[at] if e not in without], None))
