"""The catalog as a graph: who needs whom, how far, and in which circles."""

from collections import defaultdict, deque
from dataclasses import dataclass
from functools import cached_property

from portal.core.problems import Refused

from .models import Dependency, Integration, Service


@dataclass(frozen=True)
class Reached:
    """A service at a distance; `hard` if every step of the way there is a hard dependency."""

    service: Service
    depth: int
    hard: bool


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
        """Everything that a service needs, the nearest first. Circles end where they began."""
        return self._reached(slug, self._out, depth)

    def dependents(self, slug: str, depth: int | None = None) -> list[Reached]:
        """Everything that depends on a service: its blast radius, the nearest first."""
        return self._reached(slug, self._in, depth)

    def around(self, slug: str, depth: int) -> set[str]:
        """The service and all that are within so many steps in either direction."""
        found = [*self.needs(slug, depth), *self.dependents(slug, depth)]
        return {slug, *(each.service.slug for each in found)}

    def outside(self, slugs: set[str]) -> list[Dependency]:
        """What these services need of others, by name."""
        found = [row for row in self.dependencies if row.integration and row.source.slug in slugs]
        return sorted(found, key=lambda row: (str(row.integration), str(row.source)))

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

    def _reached(self, slug: str, edges, depth: int | None) -> list[Reached]:
        far = _distances(slug, lambda at: [other for other, _ in edges[at]], depth)
        hard = _distances(slug, lambda at: [other for other, is_hard in edges[at] if is_hard], None)
        found = [Reached(self.services[name], far[name], name in hard) for name in far]
        return sorted(found[1:], key=lambda each: (each.depth, not each.hard, each.service.name))


def reached(graph: Graph, side: str, slug: str, asked) -> list[Reached]:
    """What a query string asks of one side: `depth` and `hard`. Raises Refused."""
    depth, hard = asked.get("depth") or "", asked.get("hard") or ""
    if depth and not (depth.isascii() and depth.isdigit() and int(depth[:5]) > 0):
        raise Refused("The depth is a number from 1.", pointer="/depth")
    if hard not in ("", "true", "false", "1", "0"):
        raise Refused("Say true or false.", pointer="/hard")
    found = getattr(graph, side)(slug, int(depth[:5]) if depth else None)
    return [each for each in found if each.hard] if hard in ("true", "1") else found


def _distances(start: str, following, depth: int | None) -> dict[str, int]:
    """How many steps away each is, the start first."""
    found, waiting = {start: 0}, deque([start])
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
    return list(_distances(start, lambda at: [e for e in edges[at] if e not in without], None))
