"""A drawing as an SVG that stands alone: for print, exports, and pages without a script."""

import re
import textwrap
from xml.sax.saxutils import escape, quoteattr

from .layout import HEIGHT, Box, Layout, lay_out
from .shapes import Arrow, Drawing, Group, Node

THEMES = ("light", "dark", "print")
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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
.label {{ stroke: {surface}; stroke-width: 4px; paint-order: stroke; }}
a:focus .box, a:hover .box {{ stroke: {accent}; stroke-width: 2; }}
"""
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
    'viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d">'
)
MARKER = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>'
)


def svg(drawing: Drawing, *, theme: str = "") -> str:
    """The document. `theme` is light, dark or print; without one it follows the reader's system."""
    layout = lay_out(drawing)
    width, height = max(round(layout.width), 320), max(round(layout.height), 80)
    parts = [
        HEAD.format(width=width, height=height),
        f'<title id="t">{_text(drawing.title)}</title>',
        f'<desc id="d">{_text(drawing.description)}</desc>',
        f"<style>{_style(theme)}</style>",
        MARKER,
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *(_frame(group, layout.groups[group.key]) for group in _drawn(drawing, layout)),
        *(_arrow(arrow, layout) for arrow in drawing.arrows),
        *(_node(node, layout.nodes[node.key]) for node in drawing.nodes),
        *(_label(number, arrow, layout) for number, arrow in enumerate(drawing.arrows)),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _drawn(drawing: Drawing, layout: Layout) -> list[Group]:
    return [group for group in drawing.groups if group.key in layout.groups]


def _style(theme: str) -> str:
    fixed = {"light": LIGHT, "dark": DARK, "print": PRINT}.get(theme)
    if fixed:
        return STYLE.format(**fixed)
    dark = STYLE.format(**DARK)
    return f"{STYLE.format(**LIGHT)}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _text(text: str) -> str:
    return escape(FORBIDDEN.sub(" ", text))


def _lines(text: str, width: int, most: int) -> list[str]:
    clean = FORBIDDEN.sub(" ", text)
    return textwrap.wrap(clean, width, max_lines=most, placeholder="…") or [clean[:width]]


def _frame(group: Group, box: Box) -> str:
    name = _text(_lines(group.label, PER_GROUP, 1)[0])
    return (
        f'<rect class="frame" {_place(box)} rx="8"/>'
        f'<text class="frame-name" x="{box.x + 12:g}" y="{box.y + 20:g}">{name}</text>'
    )


def _node(node: Node, box: Box) -> str:
    look = "box external" if node.kind == "external" else "box"
    lines = _lines(node.label, PER_LINE, 2)
    first = box.y + (HEIGHT - 16 * len(lines) - (13 if node.note else 0)) / 2 + 13
    middle = box.x + box.width / 2
    rows = [
        f'<text text-anchor="middle" x="{middle:g}" y="{first + 16 * at:g}">{_text(line)}</text>'
        for at, line in enumerate(lines)
    ]
    if node.note:
        note, low = _text(_lines(node.note, PER_NOTE, 1)[0]), first + 16 * len(lines) - 1
        rows.append(
            f'<text class="note" text-anchor="middle" x="{middle:g}" y="{low:g}">{note}</text>'
        )
    inside = f"<title>{_text(node.label)}</title>{_shape(node, box, look)}{''.join(rows)}"
    return f"<a href={quoteattr(_text(node.url))}>{inside}</a>" if node.url else f"<g>{inside}</g>"


def _shape(node: Node, box: Box, look: str) -> str:
    """Stores have a lid, queues and jobs are round, everything else is a box."""
    rounded = 28 if node.kind in ("queue", "job") else 6
    shape = f'<rect class="{look}" {_place(box)} rx="{rounded}"/>'
    if node.kind in ("database", "storage", "cache"):
        lid = f"M{box.x:g} {box.y + 7:g}q{box.width / 2:g} 7 {box.width:g} 0"
        shape += f'<path class="arrow" d="{lid}"/>'
    return shape


def _place(box: Box) -> str:
    return f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'


def _ends(arrow: Arrow, layout: Layout) -> tuple[float, float, float, float]:
    """From the right side of one box to the left of another; backwards the other way round."""
    a, b = layout.nodes[arrow.source], layout.nodes[arrow.target]
    forward = b.x > a.x
    start = a.x + a.width if forward else a.x
    end = b.x if forward else b.x + b.width
    if a.x == b.x:
        start = end = a.x + a.width
    return start, a.y + a.height / 2, end, b.y + b.height / 2


def _arrow(arrow: Arrow, layout: Layout) -> str:
    x1, y1, x2, y2 = _ends(arrow, layout)
    bend = max(abs(x2 - x1) / 2, 36)
    out = bend if x2 >= x1 else -bend
    back = bend if x1 == x2 else -out
    path = f"M{x1:g} {y1:g}C{x1 + out:g} {y1:g} {x2 + back:g} {y2:g} {x2:g} {y2:g}"
    return f'<path class="arrow {arrow.look}" marker-end="url(#head)" d="{path}"/>'


def _label(number: int, arrow: Arrow, layout: Layout) -> str:
    if not arrow.label:
        return ""
    x1, y1, x2, y2 = _ends(arrow, layout)
    part = (0.5, 0.4, 0.6)[number % 3]  # so that labels of neighbours do not cover each other
    x, y = x1 + (x2 - x1) * part + (30 if x1 == x2 else 0), y1 + (y2 - y1) * part + 4
    text = _text(_lines(arrow.label, PER_NOTE, 1)[0])
    return f'<text class="label" text-anchor="middle" x="{x:g}" y="{y:g}">{text}</text>'
