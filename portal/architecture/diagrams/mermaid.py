"""A drawing as text of Mermaid (flowchart), in which no name means anything but itself."""

import re
from collections import defaultdict

from portal.core.problems import Refused

from .shapes import STORES, Arrow, Drawing, Node

MOST_CHARACTERS = 20_000
CLEAR = 14  # things
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
# How the kinds differ. All but stores stand in plain boxes: Mermaid misplaces labels in its rounded
# shapes where they are drawn without HTML.
CLASSES = {
    "external": "stroke-dasharray:4 3",
    "queue": "stroke-width:2px,stroke-dasharray:1 3",
    "group": "stroke-width:3px",
}
BOX, CYLINDER = '["{}"]', '[("{}")]'
LINES = {"soft": "-.->", "restricted": "==>", "confidential": "==>"}


def mermaid(drawing: Drawing, *, links: bool = True) -> str:
    """The text. Raises Refused if it is longer than pages draw; `links` adds where nodes lead."""
    names = {node.key: f"n{number}" for number, node in enumerate(drawing.nodes, 1)}
    lines = [
        "flowchart LR",
        f"  accTitle: {_plain(drawing.title)}",
        f"  accDescr: {_plain(drawing.description)}",
        *_framed(drawing, names),
        *(_line(arrow, names) for arrow in drawing.arrows),
    ]
    used = {node.kind for node in drawing.nodes}
    lines += [f"  classDef {kind} {look}" for kind, look in CLASSES.items() if kind in used]
    if links:
        lines += [f'  click {names[n.key]} "{_address(n.url)}"' for n in drawing.nodes if n.url]
    text = "\n".join(lines) + "\n"
    if len(text) > MOST_CHARACTERS:
        raise Refused("This is too much for one picture: choose a service, a zone or a team.")
    return text


def clear(drawing: Drawing) -> str:
    """The text where Mermaid draws it well; empty where the portal places things itself.

    That is where there are few things, no frames, and each thing can stand one column right of all
    that points to it: then no arrow passes a column, and so none leads through a box. (Where that
    is possible, the columns with the shortest arrows, which Mermaid chooses, are such columns.)
    """
    is_clear = len(drawing.nodes) <= CLEAR and not drawing.groups and _is_level(drawing)
    return text_of(drawing) if is_clear else ""


def text_of(drawing: Drawing) -> str:
    """The text; empty if it is longer than pages draw."""
    try:
        return mermaid(drawing)
    except Refused:
        return ""


def _is_level(drawing: Drawing) -> bool:
    """Whether all ways between two things have as many arrows to the right, less those back."""
    near: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for arrow in drawing.arrows:
        near[arrow.source].append((arrow.target, 1))
        near[arrow.target].append((arrow.source, -1))
    columns: dict[str, int] = {}
    for start in list(near):
        waiting = [(start, columns.get(start, 0))]
        while waiting:
            name, column = waiting.pop()
            if columns.setdefault(name, column) != column:
                return False
            waiting += [(other, column + by) for other, by in near.pop(name, [])]
    return True


def _framed(drawing: Drawing, names: dict[str, str]):
    """Each group with its nodes, then those without one."""
    for number, group in enumerate(drawing.groups, 1):
        yield f'  subgraph g{number}["{_quoted(group.label)}"]'
        for node in drawing.nodes:
            if node.group == group.key:
                yield f"  {_node(node, names)}"
        yield "  end"
    framed = {group.key for group in drawing.groups}
    for node in drawing.nodes:
        if node.group not in framed:
            yield _node(node, names)


def _node(node: Node, names: dict[str, str]) -> str:
    note = f"<br/>{_quoted(node.note)}" if node.note else ""
    shape = (CYLINDER if node.kind in STORES else BOX).format(_quoted(node.label) + note)
    look = f":::{node.kind}" if node.kind in CLASSES else ""
    return f"  {names[node.key]}{shape}{look}"


def _line(arrow: Arrow, names: dict[str, str]) -> str:
    label = f'|"{_quoted(arrow.label)}"|' if arrow.label else ""
    return f"  {names[arrow.source]} {LINES.get(arrow.look, '-->')}{label} {names[arrow.target]}"


def _quoted(text: str) -> str:
    """Within quotes: everything that could end them or be read as markup is an entity."""
    return "".join(_entity(character) for character in CONTROL.sub(" ", text).strip()) or " "


def _entity(character: str) -> str:
    return character if character.isalnum() or character in " .,:/()-_+" else f"#{ord(character)};"


def _plain(text: str) -> str:
    """For lines that take words as they are: only letters, digits and harmless signs."""
    clean = CONTROL.sub(" ", text)
    return "".join(c if c.isalnum() or c in " .,:-()" else " " for c in clean).strip() or "Diagram"


def _address(url: str) -> str:
    return re.sub(r'["\s\\<>]', "", url)
