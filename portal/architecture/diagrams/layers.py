"""In which column everything of a drawing stands, so that arrows lead from left to right."""

from collections import defaultdict

from .shapes import Arrow, Drawing

CROWDED = 12  # things in one column


def columns_of(drawing: Drawing) -> dict[str, int]:
    """The column of each node with arrows: right of all that point to it, but for circles.

    Things that are not connected with each other share a layer; a crowded one has several columns.
    """
    following = _following(drawing)
    layers = _pulled(_layers(following), following)
    found: dict[str, int] = {}
    column = 0
    for layer in sorted(set(layers.values())):
        names = [name for name in layers if layers[name] == layer]
        parts = -(-len(names) // CROWDED)
        for at, name in enumerate(names):
            found[name] = column + at * parts // len(names)
        column += parts
    return found


def ends(arrow: Arrow, columns: dict[str, int]) -> tuple[str, str]:
    """Its left and its right end; arrows that close a circle point to the left."""
    if columns[arrow.source] <= columns[arrow.target]:
        return arrow.source, arrow.target
    return arrow.target, arrow.source


def _following(drawing: Drawing) -> dict[str, list[str]]:
    """Whom each node points to; only nodes with arrows, in the order of the drawing."""
    pairs = [(each.source, each.target) for each in drawing.arrows if each.source != each.target]
    used = {name for pair in pairs for name in pair}
    found: dict[str, list[str]] = {node.key: [] for node in drawing.nodes if node.key in used}
    for source, target in dict.fromkeys(pairs):
        found[source].append(target)
    return found


def _layers(following: dict[str, list[str]]) -> dict[str, int]:
    """One to the right of everything that points to it."""
    order, back = _order(following)
    layers = dict.fromkeys(order, 0)
    for name in order:
        for other in following[name]:
            if (name, other) not in back:
                layers[other] = max(layers[other], layers[name] + 1)
    return layers


def _pulled(layers: dict[str, int], following: dict[str, list[str]]) -> dict[str, int]:
    """What nothing points to stands close to what it points to."""
    reached = {other for others in following.values() for other in others}
    for name, others in following.items():
        if name not in reached:
            layers[name] = min(layers[other] for other in others) - 1
    return layers


def _order(following: dict[str, list[str]]) -> tuple[list[str], set[tuple[str, str]]]:
    """The nodes so that arrows point forward, and the arrows that close a circle."""
    finished: list[str] = []
    open_: set[str] = set()
    seen: set[str] = set()
    back: set[tuple[str, str]] = set()
    for start in _starts(following):
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


def _starts(following: dict[str, list[str]]) -> list[str]:
    """Those that most point away from come first: few arrows of circles point back."""
    reached: dict[str, int] = defaultdict(int)
    for others in following.values():
        for other in others:
            reached[other] += 1
    return sorted(following, key=lambda name: reached[name] - len(following[name]))
