"""Diagrams that were drawn: as long as the catalog stays what it is, nothing is drawn again."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.architecture.catalog.fingerprint import fingerprint
from portal.architecture.catalog.graph import Graph
from portal.core.api.etags import of_content

from .mermaid import clear, text_of
from .options import Options
from .selection import draw
from .shapes import Drawing
from .svg import size_of, svg

REMEMBERED = 32  # in a process; with its pictures the largest takes a megabyte


@dataclass
class Sheet:
    """A drawing with everything that is made of it, each once. Nobody changes any of it."""

    drawing: Drawing
    services: list[tuple[str, str]]  # (slug, name) of all that may be chosen
    pictures: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    @cached_property
    def source(self) -> str:
        return text_of(self.drawing)

    @cached_property
    def is_clear(self) -> bool:
        return bool(clear(self.drawing))

    @cached_property
    def size(self) -> tuple[int, int]:
        return size_of(self.drawing)

    @cached_property
    def things(self) -> SafeString:
        """The tables of what it shows: the same for everybody who may see it."""
        names = {node.key: node for node in self.drawing.nodes}
        arrows = [(names[a.source], names[a.target], a.label) for a in self.drawing.arrows]
        context = {"drawing": self.drawing, "arrows": arrows}
        return render_to_string("architecture/_diagram_things.html", context)

    def picture(self, theme: str) -> tuple[bytes, str]:
        """The SVG in one of THEMES or in none, and its entity tag."""
        if theme not in self.pictures:
            content = svg(self.drawing, theme=theme).encode()
            self.pictures[theme] = content, of_content(content)
        return self.pictures[theme]


class Sheets:
    """The sheets that were asked for last, by the catalog and the options they were drawn from."""

    def __init__(self, most: int = REMEMBERED):
        self.most, self.lock = most, Lock()
        self.kept: OrderedDict[Hashable, Sheet] = OrderedDict()

    def get(self, options: Options) -> Sheet:
        """Raises Refused as `draw` does."""
        catalog = fingerprint()
        with self.lock:
            sheet = self.kept.get((catalog, options))
            if sheet:
                self.kept.move_to_end((catalog, options))
        return sheet or self._drawn(catalog, options)

    def _drawn(self, catalog: str, options: Options) -> Sheet:
        graph = Graph.load()
        services = [(row.slug, row.name) for row in graph.services.values()]
        sheet = Sheet(draw(graph, options), services)
        # An empty group may be deleted unseen; what changed meanwhile belongs to another print.
        if sheet.drawing.nodes and fingerprint() == catalog:
            self._keep((catalog, options), sheet)
        return sheet

    def _keep(self, key: Hashable, sheet: Sheet) -> None:
        with self.lock:
            self.kept[key] = sheet
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()


sheets = Sheets()
