"""What changes between two versions for somebody who follows the runbook."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from portal.core.comparing import Piece, compare_lines, similar_pairs
from runbooks.models import Version


class Reworded(NamedTuple):
    """A step that says otherwise what to do."""

    was: str
    now: str

    @property
    def inline(self) -> list[Piece]:
        """Both titles in one line, with the words that changed."""
        return [piece for row in compare_lines(self.was, self.now).rows for piece in row.inline]


@dataclass(frozen=True)
class StepChanges:
    """Steps and values to fill in: how many there are, and what becomes of them.

    A step that was reworded is one that changed, not one that is new and one that is gone.
    """

    before: int
    after: int
    changed: list[Reworded]
    added: list[str]
    removed: list[str]
    values_added: list[str]
    values_removed: list[str]

    @classmethod
    def between(cls, old: Version, new: Version) -> "StepChanges":
        was, now = ([step["title"] for step in each.steps] for each in (old, new))
        lives_on = _pairs(old.steps, new.steps)
        pairs = [(was[old_at], now[new_at]) for old_at, new_at in sorted(lives_on.items())]
        kept = set(lives_on.values())
        had, has = _names(old.parameters), _names(new.parameters)
        return cls(
            len(was),
            len(now),
            [Reworded(*pair) for pair in pairs if pair[0] != pair[1]],
            [title for place, title in enumerate(now) if place not in kept],
            [title for place, title in enumerate(was) if place not in lives_on],
            [name for name in has if name not in had],
            [name for name in had if name not in has],
        )


def _pairs(old: list[dict], new: list[dict]) -> dict[int, int]:
    """The place of a step -> that in which it lives on.

    Under the same title wherever it went, in words that are alike, or between the same steps.
    """
    places = {identity: place for place, identity in enumerate(_identities(new))}
    pairs = {at: places[each] for at, each in enumerate(_identities(old)) if each in places}
    for member in ("title", "text"):
        left, right = _left(old, pairs), _left(new, pairs.values())
        texts = [old[place][member] for place in left], [new[place][member] for place in right]
        pairs |= {left[was]: right[now] for was, now in similar_pairs(*texts)}
    around = {-1: -1, len(old): len(new), **pairs}
    for was in _left(old, pairs):
        now = around.get(was - 1, len(new)) + 1
        if now not in pairs.values() and around.get(was + 1) == now + 1:
            pairs[was] = now
    return pairs


def _identities(steps: list[dict]) -> list[tuple[str, int]]:
    """Each title with how many of the same stand before it."""
    before: Counter[str] = Counter()
    found = []
    for step in steps:
        found.append((step["title"], before[step["title"]]))
        before[step["title"]] += 1
    return found


def _left(steps: list[dict], taken: Container[int]) -> list[int]:
    return [place for place in range(len(steps)) if place not in taken]


def _names(parameters: list[dict]) -> list[str]:
    return [parameter["name"] for parameter in parameters]
