"""Where everything of a drawing stands: columns by who needs whom, bands by group.

After Sugiyama, Tagawa and Toda (1981): columns, order within them by barycentres, and lanes between
the boxes for arrows that pass a column: no box overlaps another, no arrow crosses a box.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from .layers import columns_of, ends
from .measures import width_of
from .shapes import Arrow, Drawing, Group

WIDTH, HEIGHT = 184, 56
GAP, CHANNEL = 20, 64  # between boxes of a column; where arrows bend between columns
LANE, PORT = 12, 17  # the heights of an arrow that passes a column, and of one that leaves a box
PADDING, HEADING = 16, 26
SWEEPS = 8
LOOSE = 4  # things without arrows, side by side at least


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass(frozen=True)
class Stretch:
    """A part of a way: level from `x` to `bend`, then in a curve to the end."""

    x: float
    y: float
    bend: float
    end_x: float
    end_y: float


@dataclass(frozen=True)
class Route:
    """The way of an arrow from left to right; `is_back` if it points to the left.

    A straight one leads from its source to its target, wherever they are.
    """

    arrow: Arrow
    stretches: tuple[Stretch, ...]
    is_back: bool
    is_straight: bool = False


@dataclass
class Layout:
    """Where nodes and groups stand, which ways arrows take, and how large the whole is."""

    nodes: dict[str, Box]
    groups: dict[str, Box]
    routes: list[Route]
    width: float
    height: float


@dataclass(eq=False)
class Item:
    """A box or a lane in a column of a band; `y` counts from the top of the band."""

    column: int
    band: str
    height: float
    margin: float
    y: float = 0
    left: list["Item"] = field(default_factory=list)
    right: list["Item"] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


class Chart:
    """Boxes and lanes, and where they stand in their columns."""

    def __init__(self, drawing: Drawing):
        self.drawing = drawing
        self.columns = columns_of(drawing)
        self.arrows = [each for each in drawing.arrows if each.source != each.target]
        framed = {group.key for group in drawing.groups}
        self.band = {n.key: n.group if n.group in framed else "" for n in drawing.nodes}
        self.leaving: dict[str, list[Arrow]] = defaultdict(list)
        for arrow in self.arrows:
            self.leaving[ends(arrow, self.columns)[0]].append(arrow)
        self.boxes = {name: self._box(name) for name in self.columns}
        self.lanes: dict[tuple, Item] = {}
        self.ways = {id(arrow): self._way(arrow) for arrow in self.arrows}
        self._join()
        self.cells = self._cells()
        self._put_in_order()
        self._straighten()

    def height_of(self, band: str) -> float:
        """How far down boxes and lanes of a band reach, with the gap below them."""
        mine = [item for (_, other), items in self.cells.items() if other == band for item in items]
        return max((item.y + item.height + GAP for item in mine), default=0)

    def _box(self, name: str) -> Item:
        height = max(HEIGHT, PORT * len(self.leaving[name]) + 6)
        return Item(self.columns[name], self.band[name], height, GAP)

    def _way(self, arrow: Arrow) -> list[Item]:
        """The items that it goes through. Arrows of one look to one box share their lanes."""
        left, right = ends(arrow, self.columns)
        band, is_back = self.band[right], arrow.source == right
        found = [self.boxes[left]]
        for column in range(self.columns[left] + 1, self.columns[right]):
            key = (right, arrow.look, is_back, column)
            if key not in self.lanes:
                self.lanes[key] = Item(column, band, LANE, 2)
            found.append(self.lanes[key])
        return [*found, self.boxes[right]]

    def _join(self) -> None:
        pairs = {pair for way in self.ways.values() for pair in pairwise(way)}
        order = {item: at for at, item in enumerate((*self.boxes.values(), *self.lanes.values()))}
        for one, two in sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]])):
            one.right.append(two)
            two.left.append(one)

    def _cells(self) -> dict[tuple[int, str], list[Item]]:
        found: dict[tuple[int, str], list[Item]] = defaultdict(list)
        for item in (*self.boxes.values(), *self.lanes.values()):
            found[item.column, item.band].append(item)
        return dict(sorted(found.items(), key=lambda each: each[0][0]))

    def _put_in_order(self) -> None:
        """Each item near the middle of its neighbours: first from the left, then from the right."""
        for items in self.cells.values():
            _stack(items)
        for sweep in range(SWEEPS):
            forward = sweep % 2 == 0
            for key in self.cells if forward else reversed(self.cells):
                items = self.cells[key]
                wanted = {
                    item: _wanted(item, item.left if forward else item.right) for item in items
                }
                items.sort(key=wanted.__getitem__)
                _stack(items)

    def _straighten(self) -> None:
        """Move items level with their neighbours as far as their order allows."""
        for sweep in range(SWEEPS):
            for key in self.cells if sweep % 2 == 0 else reversed(self.cells):
                items = self.cells[key]
                _settle(items, [_wanted(item, [*item.left, *item.right]) for item in items])
        tops: dict[str, float] = {}
        for (_, band), items in self.cells.items():
            tops[band] = min([tops.get(band, items[0].y), *(item.y for item in items)])
        for item in (*self.boxes.values(), *self.lanes.values()):
            item.y -= tops[item.band]


def _stack(items: list[Item]) -> None:
    top: float = 0
    for item in items:
        item.y = top
        top += item.height + item.margin


def _wanted(item: Item, others: list[Item]) -> float:
    near = [other.middle for other in others if other.band == item.band]
    return sum(near) / len(near) if near else item.middle


def _settle(items: list[Item], wanted: list[float]) -> None:
    """The places nearest to the wanted ones in which none overlap: pools of adjacent violators."""
    offsets, top = [], 0.0
    for item in items:
        offsets.append(top)
        top += item.height + item.margin
    pools: list[tuple[float, int]] = []  # mean and size
    for item, at, offset in zip(items, wanted, offsets, strict=True):
        pools.append((at - item.height / 2 - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (mean, size), (other, more) = pools.pop(-2), pools.pop()
            pools.append(((mean * size + other * more) / (size + more), size + more))
    starts = [mean for mean, size in pools for _ in range(size)]
    for item, start, offset in zip(items, starts, offsets, strict=True):
        item.y = max(start, 0) + offset


def lay_out(drawing: Drawing) -> Layout:
    """Place all nodes and find the ways of the arrows; groups hold just their own nodes."""
    chart = Chart(drawing)
    places = _places(chart)
    nodes: dict[str, Box] = {}
    groups: dict[str, Box] = {}
    tops: dict[str, float] = {}
    top: float = PADDING
    for band in [*(group.key for group in drawing.groups), ""]:
        inner = tops[band] = top + (PADDING + HEADING if band else 0)
        low = inner + chart.height_of(band)
        mine = _placed(chart, band, places, inner) | _loose(chart, band, places, low)
        nodes.update(mine)
        if mine:
            bottom = max(low - GAP, *(box.y + box.height for box in mine.values()))
            if band:
                groups[band] = _frame(mine.values(), top, bottom + PADDING)
            top = bottom + (PADDING if band else 0) + GAP
    routes = _routes(chart, places, nodes, tops)
    right = max([*(box.right for box in nodes.values()), *(x for _, x in places)], default=0)
    return Layout(nodes, groups, routes, right + 2 * PADDING, top)


def _places(chart: Chart) -> list[tuple[float, float]]:
    """Where each column of boxes begins, and where the room for its labels ends."""
    count = 1 + max(chart.columns.values(), default=-1)
    rooms = [0.0] * count
    for name, arrows in chart.leaving.items():
        widest = max((width_of(arrow.label) for arrow in arrows), default=0)
        rooms[chart.columns[name]] = max(rooms[chart.columns[name]], widest)
    found, x = [], float(2 * PADDING)
    for room in rooms:
        end = x + WIDTH + (room + 12 if room else 0)
        found.append((x, end))
        x = end + CHANNEL
    return found


def _placed(chart: Chart, band: str, places, top: float) -> dict[str, Box]:
    return {
        name: Box(places[item.column][0], top + item.y, WIDTH, item.height)
        for name, item in chart.boxes.items()
        if item.band == band
    }


def _loose(chart: Chart, band: str, places, top: float) -> dict[str, Box]:
    """What has no arrows stands below, in the same columns: arrows bend between them."""
    xs = [x for x, _ in places] or [float(2 * PADDING)]
    while len(xs) < LOOSE:
        xs.append(xs[-1] + WIDTH + GAP)
    keys = [key for key, group in chart.band.items() if group == band and key not in chart.columns]
    return {
        key: Box(xs[at % len(xs)], top + at // len(xs) * (HEIGHT + GAP), WIDTH, HEIGHT)
        for at, key in enumerate(keys)
    }


def _frame(boxes: Iterable[Box], top: float, bottom: float) -> Box:
    left = min(box.x for box in boxes) - PADDING
    right = max(box.right for box in boxes) + PADDING
    return Box(left, top, right - left, bottom - top)


def _routes(chart: Chart, places, nodes: dict[str, Box], tops: dict[str, float]) -> list[Route]:
    starts = _ports(chart, tops)
    gates = _gates(chart, nodes, tops)
    found = []
    for arrow in chart.arrows:
        left, right = ends(arrow, chart.columns)
        lanes = chart.ways[id(arrow)][1:-1]
        is_back = arrow.source == right
        heights = [nodes[left].y + starts[id(arrow)]]
        heights += [tops[lane.band] + lane.middle for lane in lanes]
        heights.append(gates[right, arrow.look, is_back])
        found.append(Route(arrow, _stretches(chart.columns[left], heights, places), is_back))
    return found


def _stretches(column: int, heights: list[float], places) -> tuple[Stretch, ...]:
    found = []
    for at, (y, end_y) in enumerate(pairwise(heights), column):
        x = places[at][0] + (WIDTH if at == column else 0)
        found.append(Stretch(x, y, places[at][1], places[at + 1][0], end_y))
    return tuple(found)


def _ports(chart: Chart, tops: dict[str, float]) -> dict[int, float]:
    """How far below the top of its box each arrow leaves it, in the order of where they go."""
    found = {}
    for name, arrows in chart.leaving.items():
        following = {id(arrow): chart.ways[id(arrow)][1] for arrow in arrows}
        arrows.sort(key=lambda arrow: tops[following[id(arrow)].band] + following[id(arrow)].middle)
        step = PORT if len(arrows) > 1 else 0
        first = (chart.boxes[name].height - step * (len(arrows) - 1)) / 2
        found.update({id(arrow): first + step * at for at, arrow in enumerate(arrows)})
    return found


def _gates(chart: Chart, nodes: dict[str, Box], tops: dict[str, float]) -> dict[tuple, float]:
    """At which height arrows enter a box from the left: those of one look all at the same."""
    entering: dict[str, dict[tuple, list[float]]] = defaultdict(lambda: defaultdict(list))
    for arrow in chart.arrows:
        right = ends(arrow, chart.columns)[1]
        before = chart.ways[id(arrow)][-2]
        key = right, arrow.look, arrow.source == right
        entering[right][key].append(tops[before.band] + before.middle)
    found = {}
    for name, keys in entering.items():
        box, order = nodes[name], sorted(keys, key=lambda key: sum(keys[key]) / len(keys[key]))
        for at, key in enumerate(order, 1):
            found[key] = box.y + box.height * at / (len(order) + 1)
    return found


def drawn_groups(drawing: Drawing, layout: Layout) -> list[Group]:
    return [group for group in drawing.groups if group.key in layout.groups]
