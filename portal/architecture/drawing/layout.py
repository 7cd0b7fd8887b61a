"""Where everything of a drawing stands: columns by who needs whom, bands by group.

After Sugiyama, Tagawa and Toda (1981): layers, order within layers by barycentres, no overlap.
"""

from collections import defaultdict
from dataclasses import dataclass

from .shapes import Drawing

WIDTH, HEIGHT = 184, 56
GAP_X, GAP_Y = 96, 20
PADDING, HEADING = 16, 26
TALLEST = 10  # nodes one below the other before a layer gets a second column
SWEEPS = 4


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass
class Layout:
    """Where nodes and groups stand, and how large the whole is."""

    nodes: dict[str, Box]
    groups: dict[str, Box]
    width: float
    height: float


def lay_out(drawing: Drawing) -> Layout:
    """Place all nodes; boxes of nodes never overlap, and groups hold just their own nodes."""
    layers = _layers(drawing)
    cells = _cells(drawing, layers)
    columns = _columns(cells)
    nodes: dict[str, Box] = {}
    groups: dict[str, Box] = {}
    top: float = PADDING
    for key in _bands(drawing):
        inner = top + (PADDING + HEADING if key else 0)
        mine = {layer: names for (group, layer), names in cells.items() if group == key}
        nodes.update(_placed(mine, columns, inner))
        boxes = [nodes[name] for names in mine.values() for name in names]
        if not boxes:
            continue
        bottom = max(box.y + box.height for box in boxes)
        if key:
            groups[key] = _frame(boxes, top, bottom + PADDING)
        top = bottom + (PADDING if key else 0) + GAP_Y
    right = max((box.x + box.width for box in nodes.values()), default=0)
    return Layout(nodes, groups, right + 2 * PADDING, top)


def _bands(drawing: Drawing) -> list[str]:
    return [*(group.key for group in drawing.groups), ""]


def _frame(boxes: list[Box], top: float, bottom: float) -> Box:
    left = min(box.x for box in boxes) - PADDING
    right = max(box.x + box.width for box in boxes) + PADDING
    return Box(left, top, right - left, bottom - top)


def _placed(cells: dict[int, list[str]], columns: dict[int, int], top: float) -> dict[str, Box]:
    found = {}
    for layer, names in cells.items():
        for place, name in enumerate(names):
            column, row = columns[layer] + place // TALLEST, place % TALLEST
            x = 2 * PADDING + column * (WIDTH + GAP_X)
            found[name] = Box(x, top + row * (HEIGHT + GAP_Y), WIDTH, HEIGHT)
    return found


def _columns(cells: dict[tuple[str, int], list[str]]) -> dict[int, int]:
    """The first column of each layer: a crowded layer has several."""
    needed: dict[int, int] = defaultdict(int)
    for (_, layer), names in cells.items():
        needed[layer] = max(needed[layer], -(-len(names) // TALLEST))
    found, column = {}, 0
    for layer in sorted(needed):
        found[layer] = column
        column += needed[layer]
    return found


def _cells(drawing: Drawing, layers: dict[str, int]) -> dict[tuple[str, int], list[str]]:
    """The nodes of each group in each layer, in an order that crosses few arrows."""
    framed = {group.key for group in drawing.groups}
    cells: dict[tuple[str, int], list[str]] = defaultdict(list)
    for node in drawing.nodes:
        group = node.group if node.group in framed else ""
        cells[group, layers[node.key]].append(node.key)
    near = _neighbours(drawing)
    for _ in range(SWEEPS):
        places = {name: at for names in cells.values() for at, name in enumerate(names)}
        for names in cells.values():
            names.sort(key=lambda name: (_middle(name, near, places), name))
    return cells


def _middle(name: str, near: dict[str, list[str]], places: dict[str, int]) -> float:
    others = near.get(name)
    return sum(places[other] for other in others) / len(others) if others else places[name]


def _neighbours(drawing: Drawing) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for arrow in drawing.arrows:
        found[arrow.source].append(arrow.target)
        found[arrow.target].append(arrow.source)
    return found


def _layers(drawing: Drawing) -> dict[str, int]:
    """The layer of each node: one to the right of everything that points to it."""
    following: dict[str, list[str]] = {node.key: [] for node in drawing.nodes}
    for arrow in drawing.arrows:
        if arrow.source != arrow.target:
            following[arrow.source].append(arrow.target)
    order, back = _order(following)
    layers = dict.fromkeys(order, 0)
    for name in order:
        for other in following[name]:
            if (name, other) not in back:
                layers[other] = max(layers[other], layers[name] + 1)
    return layers


def _order(following: dict[str, list[str]]) -> tuple[list[str], set[tuple[str, str]]]:
    """The nodes so that arrows point forward, and the arrows that close a circle."""
    finished: list[str] = []
    open_, seen, back = set(), set(), set()
    for start in following:
        stack = [(start, iter(following[start]))] if start not in seen else []
        seen.add(start)
        open_.add(start)
        while stack:
            name, rest = stack[-1]
            other = next(rest, None)
            if other is None:
                open_.discard(name)
                finished.append(name)
                stack.pop()
            elif other in open_:
                back.add((name, other))
            elif other not in seen:
                seen.add(other)
                open_.add(other)
                stack.append((other, iter(following[other])))
    return finished[::-1], back
