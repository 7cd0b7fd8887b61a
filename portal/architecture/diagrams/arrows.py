"""Dependencies as arrows: which way they point, and what they say in which view."""

from collections import defaultdict
from collections.abc import Iterable

from portal.architecture.models import Classification, Dependency, Integration

from .options import Options
from .shapes import Arrow

LEVELS = list(Classification.values)


def ends(row: Dependency, at: dict[str, str], outside: str = "") -> tuple[str, str]:
    """From where to where; `at` says what stands for a service, `outside` for all integrations."""
    source = at[row.source.slug]
    if row.target:
        return source, at[row.target.slug]
    end = outside or f"x-{row.integration.slug}"
    is_inbound = row.integration.direction == Integration.Direction.INBOUND
    return (end, source) if is_inbound else (source, end)


def arrow(source: str, target: str, row: Dependency, options: Options) -> Arrow:
    return Arrow(source, target, _label(row, options), _look([row], options))


def bundled(found: Iterable[tuple[str, str, Dependency]], options: Options) -> list[Arrow]:
    """One arrow for all dependencies of the same ends; of data it says the highest level."""
    return [
        Arrow(source, target, _of_many(rows, options), _look(rows, options))
        for (source, target), rows in sorted(_by_ends(found).items())
    ]


def joined(found: Iterable[tuple[str, str, Dependency]], options: Options) -> list[Arrow]:
    """One arrow for both ways between two ends, with how many lead there and how many back."""
    bundles = _by_ends(found)
    arrows = []
    for (source, target), there in sorted(bundles.items()):
        back = bundles.get((target, source), [])
        if source != target and (len(there), target) > (len(back), source):
            label = f"{len(there)}, {len(back)} back" if back else str(len(there))
            label += _secrecy(there + back, options)
            arrows.append(Arrow(source, target, label, _look(there + back, options)))
    return arrows


def _by_ends(
    found: Iterable[tuple[str, str, Dependency]],
) -> dict[tuple[str, str], list[Dependency]]:
    bundles: dict[tuple[str, str], list[Dependency]] = defaultdict(list)
    for source, target, row in found:
        bundles[source, target].append(row)
    return bundles


def _of_many(rows: list[Dependency], options: Options) -> str:
    labels = {_label(row, options) for row in rows}
    if len(rows) == 1:
        return labels.pop()
    if len(labels) == 1 and (same := labels.pop()):
        return f"{len(rows)} × {same}"
    return f"{len(rows)} dependencies{_secrecy(rows, options)}"


def _label(row: Dependency, options: Options) -> str:
    port = f"{row.protocol} {row.port}" if row.port else row.protocol
    if options.view == "data-flow":
        return f"{row.data or 'data'} ({_level(row.classification)})"
    if options.view in ("network", "integrations"):
        return port.strip()
    return row.protocol if row.hard else f"{row.protocol} (soft)".strip()


def _secrecy(rows: list[Dependency], options: Options) -> str:
    """Of data how secret the most secret is."""
    return f" ({_level(_highest(rows))})" if options.view == "data-flow" else ""


def _level(classification: str) -> str:
    return Classification(classification).label.lower()


def _highest(rows: list[Dependency]) -> str:
    return max((row.classification for row in rows), key=LEVELS.index)


def _look(rows: list[Dependency], options: Options) -> str:
    if options.view == "data-flow":
        return _highest(rows)
    return "plain" if any(row.hard for row in rows) else "soft"
