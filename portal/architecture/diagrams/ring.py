"""A few things of which nearly each needs each other: in a ring, the arrows straight across.

In columns they would all stand in one long row. No arrow crosses a box: the corners of an ellipse
are convex, and it is so large that the line between the neighbours of a box passes beside it.
"""

from math import cos, hypot, pi, sin

from .layout import HEIGHT, PADDING, WIDTH, Box, Layout, Route, Stretch
from .shapes import Arrow, Drawing

FEWEST, MOST = 5, 10
DENSE = 1.5  # arrows for each thing
FLAT = 0.6  # height of the ellipse by its width
BESIDE = 16  # pixels between a box and what passes it


def suits(drawing: Drawing) -> bool:
    """Whether it is a summary that is too dense for columns."""
    are_groups = all(node.kind == "group" for node in drawing.nodes)
    count = len(drawing.nodes)
    return are_groups and FEWEST <= count <= MOST and len(drawing.arrows) > DENSE * count


def lay_out(drawing: Drawing) -> Layout:
    """Place the things clockwise from the top, with the arrows from border to border."""
    count = len(drawing.nodes)
    radius = (hypot(WIDTH / 2, HEIGHT / 2 / FLAT) + BESIDE) / (1 - cos(2 * pi / count))
    radius = max(radius, WIDTH * 2.4)
    left, top = PADDING + WIDTH / 2 + radius, PADDING + HEIGHT / 2 + radius * FLAT
    nodes = {}
    for at, node in enumerate(drawing.nodes):
        angle = 2 * pi * at / count
        x, y = left + radius * sin(angle), top - radius * FLAT * cos(angle)
        nodes[node.key] = Box(x - WIDTH / 2, y - HEIGHT / 2, WIDTH, HEIGHT)
    routes = [_route(each, nodes) for each in drawing.arrows if each.source != each.target]
    return Layout(nodes, {}, routes, left * 2, top * 2)


def _route(arrow: Arrow, nodes: dict[str, Box]) -> Route:
    x, y = _border(nodes[arrow.source], nodes[arrow.target])
    end_x, end_y = _border(nodes[arrow.target], nodes[arrow.source])
    return Route(arrow, (Stretch(x, y, x, end_x, end_y),), is_back=False, is_straight=True)


def _border(box: Box, other: Box) -> tuple[float, float]:
    """Where the line from the middle of a box to that of another leaves it."""
    across, down = other.x - box.x, other.y - box.y
    part = min(WIDTH / 2 / abs(across) if across else 1.0, HEIGHT / 2 / abs(down) if down else 1.0)
    return box.x + WIDTH / 2 + across * part, box.y + HEIGHT / 2 + down * part
