"""A drawing as an SVG that stands alone: for print, exports, and pages without a script."""

from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from . import layout as columns
from . import ring
from .layout import Box, Layout, Route, Stretch, drawn_groups
from .measures import label, shown, wrapped
from .shapes import STORES, Arrow, Drawing, Group, Node

THEMES = ("light", "dark", "print")
RIM = 6  # half the height of the lid of a store
LAYOUTS_AT_MOST = 32  # remembered in a process; the largest takes 2 MB
PER_LINE, PER_NOTE, PER_GROUP = 23, 28, 60
LIGHT = {
    "surface": "#ffffff", "sunken": "#f1f3f6", "ink": "#171b21", "ink2": "#44484f",
    "line": "#8c9198", "accent": "#2952b6", "warn": "#854d00", "bad": "#b70e1c",
}  # fmt: skip
DARK = {
    "surface": "#16191d", "sunken": "#0f1114", "ink": "#e7eaed", "ink2": "#b7bbc0",
    "line": "#676c74", "accent": "#8cb0fb", "warn": "#f0ba59", "bad": "#fe8b85",
}  # fmt: skip
PRINT = dict.fromkeys(LIGHT, "#000000") | {"surface": "#ffffff", "sunken": "#ffffff"}
STYLE = """\
text {{ font: 13px system-ui, sans-serif; fill: {ink}; }}
.paper {{ fill: {surface}; }}
.box {{ fill: {sunken}; stroke: {line}; }}
.area {{ fill: none; }}
.external {{ stroke-dasharray: 4 3; }}
.note {{ font-size: 11px; fill: {ink2}; }}
.frame {{ fill: none; stroke: {line}; stroke-dasharray: 2 3; }}
.frame-name {{ font-weight: 600; fill: {ink2}; }}
.arrow {{ fill: none; stroke: {ink2}; stroke-width: 1.25; }}
.soft {{ stroke-dasharray: 5 4; }}
.internal {{ stroke: {accent}; }}
.confidential {{ stroke: {warn}; stroke-width: 2; }}
.restricted {{ stroke: {bad}; stroke-width: 2.5; }}
.head {{ fill: {ink2}; }}
.label {{ font-size: 11px; fill: {ink2}; }}
.label {{ stroke: {surface}; stroke-width: 3px; paint-order: stroke; }}
.across {{ stroke-width: 7px; }}
a:focus .box, a:hover .box {{ stroke: {accent}; stroke-width: 2; }}
"""
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
    'viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d">'
)
MARKER = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" '
    'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
    '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>'
)


def svg(drawing: Drawing, *, theme: str = "") -> str:
    """The document. `theme` is light, dark or print; without one it follows the reader's system."""
    layout = _layout(drawing)
    names = {node.key: node.label for node in drawing.nodes}
    width, height = _size(layout)
    parts = [
        HEAD.format(width=width, height=height),
        f'<title id="t">{_text(drawing.title)}</title>',
        f'<desc id="d">{_text(drawing.description)}</desc>',
        f"<style>{_style(theme)}</style>",
        MARKER,
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *(_frame(group, layout.groups[group.key]) for group in drawn_groups(drawing, layout)),
        *_lanes(layout.routes),
        *(_arrow(route, names) for route in layout.routes),
        *(
            _node(f"n{at}", node, layout.nodes[node.key])
            for at, node in enumerate(drawing.nodes, 1)
        ),
        *(_label(route) for route in layout.routes),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def size_of(drawing: Drawing) -> tuple[int, int]:
    """The width and height of the picture, in pixels."""
    return _size(_layout(drawing))


def _layout(drawing: Drawing) -> Layout:
    return laid_out(tuple(drawing.nodes), tuple(drawing.groups), tuple(drawing.arrows))


@lru_cache(maxsize=LAYOUTS_AT_MOST)
def laid_out(
    nodes: tuple[Node, ...], groups: tuple[Group, ...], arrows: tuple[Arrow, ...]
) -> Layout:
    """Once for a page and its picture: they have the same content. Nobody changes a layout."""
    drawing = Drawing("", "", list(nodes), list(groups), list(arrows))
    return ring.lay_out(drawing) if ring.suits(drawing) else columns.lay_out(drawing)


def _size(layout: Layout) -> tuple[int, int]:
    return max(round(layout.width), 320), max(round(layout.height), 80)


def _style(theme: str) -> str:
    fixed = {"light": LIGHT, "dark": DARK, "print": PRINT}.get(theme)
    if fixed:
        return STYLE.format(**fixed)
    dark = STYLE.format(**DARK)
    return f"{STYLE.format(**LIGHT)}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _text(text: str) -> str:
    return escape(shown(text))


def _frame(group: Group, box: Box) -> str:
    name = _text(wrapped(group.label, PER_GROUP, 1)[0])
    return (
        f'<rect class="frame" {_place(box)} rx="8"/>'
        f'<text class="frame-name" x="{box.x + 12:g}" y="{box.y + 20:g}">{name}</text>'
    )


def _node(name: str, node: Node, box: Box) -> str:
    look = "box external" if node.kind == "external" else "box"
    lines = wrapped(node.label, PER_LINE, 2)
    middle, first, step = box.x + box.width / 2, *_lines(node, box, len(lines))
    rows = [
        f'<text text-anchor="middle" x="{middle:g}" y="{first + step * at:g}">{_text(line)}</text>'
        for at, line in enumerate(lines)
    ]
    if node.note:
        note, low = _text(wrapped(node.note, PER_NOTE, 1)[0]), first + step * len(lines) - 1
        rows.append(
            f'<text class="note" text-anchor="middle" x="{middle:g}" y="{low:g}">{note}</text>'
        )
    inside = f"<title>{_text(node.label)}</title>{_shape(node, box, look)}{''.join(rows)}"
    named = f'data-name="{name}"'
    if not node.url:
        return f"<g {named}>{inside}</g>"
    return f"<a {named} href={quoteattr(shown(node.url))}>{inside}</a>"


def _lines(node: Node, box: Box, count: int) -> tuple[float, float]:
    """Where the first line of a name stands, and how far apart its lines are."""
    lid, step, down = (2 * RIM, 14, 10) if node.kind in STORES else (0, 16, 13)
    left = box.height - lid - step * count - (13 if node.note else 0)
    return box.y + lid + left / 2 + down, step


def _shape(node: Node, box: Box, look: str) -> str:
    """Stores are cylinders, queues and jobs are round, everything else is a box."""
    if node.kind in STORES:
        return f'<rect class="area" {_place(box)}/><path class="{look}" d="{_cylinder(box)}"/>'
    rounded = 28 if node.kind in ("queue", "job") else 6
    return f'<rect class="{look}" {_place(box)} rx="{rounded}"/>'


def _cylinder(box: Box) -> str:
    """All around, and then the front of the lid."""
    over, under = (f"a{box.width / 2:g} {RIM} 0 0 1 {end:g} 0" for end in (box.width, -box.width))
    around = f"M{box.x:g} {box.y + RIM:g}{over}v{box.height - 2 * RIM:g}{under}z"
    return f"{around}m{box.width:g} 0{under}"


def _place(box: Box) -> str:
    return f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'


def _lanes(routes: list[Route]) -> list[str]:
    """What several arrows share is drawn once: dashes would fill each other's gaps."""
    found = [
        _path(stretch, route, is_last=stretch is route.stretches[-1])
        for route in routes
        for stretch in route.stretches[1:]
    ]
    return list(dict.fromkeys(found))


def _arrow(route: Route, names: dict[str, str]) -> str:
    """The part that is an arrow's own, with all that it says for who points at it."""
    arrow = route.arrow
    words = f"{names[arrow.source]} → {names[arrow.target]}"
    words += f": {arrow.label}" if arrow.label else ""
    is_last = len(route.stretches) == 1
    path = _path(route.stretches[0], route, is_first=True, is_last=is_last)
    return f"<g><title>{_text(words)}</title>{path}</g>"


def _path(part: Stretch, route: Route, *, is_first: bool = False, is_last: bool = False) -> str:
    if route.is_back:
        head = ' marker-start="url(#head)"' if is_first else ""
    else:
        head = ' marker-end="url(#head)"' if is_last else ""
    middle = (part.bend + part.end_x) / 2
    curve = f"C{middle:g} {part.y:g} {middle:g} {part.end_y:g} {part.end_x:g} {part.end_y:g}"
    if route.is_straight:
        curve = f"L{part.end_x:g} {part.end_y:g}"
    way = f"M{part.x:g} {part.y:g}H{part.bend:g}{curve}"
    return f'<path class="arrow {route.arrow.look}"{head} d="{way}"/>'


def _label(route: Route) -> str:
    """On the level part beside the box from which it comes, or to which it points back."""
    if not route.arrow.label:
        return ""
    start = route.stretches[0]
    words = _text(label(route.arrow.label))
    if route.is_straight:
        x, y = (0.75 * a + 0.25 * b for a, b in ((start.x, start.end_x), (start.y, start.end_y)))
        place = f'text-anchor="middle" x="{x:g}" y="{y + 4:g}"'
        return f'<text class="label across" {place}>{words}</text>'
    x = start.x + (12 if route.is_back else 6)
    return f'<text class="label" x="{x:g}" y="{start.y - 4:g}">{words}</text>'
