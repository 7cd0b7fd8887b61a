"""Which removed line lives on in which added line, within a budget of work."""

from collections.abc import Sequence

from .words import shared_words, words_in

# In units of about 5 microseconds: half a second for the whole comparison.
WORK = 100_000
WORK_PER_WORD_MARKING = 20
WORDS_SQUARED_PER_UNIT = 10_000


class Budget:
    """How much may still be spent on words; a hostile text uses it up and gets whole lines."""

    def __init__(self, work: int = WORK):
        self.left = work

    def spend(self, work: int) -> bool:
        """Whether the work may be done; takes it off when so."""
        if work > self.left:
            return False
        self.left -= work
        return True


def similar_pairs(
    removed: Sequence[str], added: Sequence[str], budget: Budget | None = None
) -> list[tuple[int, int]]:
    """Places (removed, added) of lines that are alike, rising, with the most words shared.

    Within the budget; with one of its own if none is given.
    """
    budget = budget or Budget()
    if not removed or not added or not budget.spend(_least_work(removed, added)):
        return []
    old, new = [words_in(line) for line in removed], [words_in(line) for line in added]
    if not budget.spend(sum(map(len, old)) * sum(map(len, new)) // WORDS_SQUARED_PER_UNIT):
        return []
    return _best_pairs([[shared_words(left, right) for right in new] for left in old])


def _least_work(removed: Sequence[str], added: Sequence[str]) -> int:
    fewer = min(len(removed), len(added))
    return len(removed) * len(added) + fewer * WORK_PER_WORD_MARKING


def _best_pairs(shared: list[list[int]]) -> list[tuple[int, int]]:
    """The rising path through the grid with the greatest sum."""
    best = _sums(shared)
    old = new = 0
    pairs = []
    while old < len(shared) and new < len(shared[0]):
        if best[old][new] == best[old + 1][new]:
            old += 1
        elif best[old][new] == best[old][new + 1]:
            new += 1
        else:
            pairs.append((old, new))
            old, new = old + 1, new + 1
    return pairs


def _sums(shared: list[list[int]]) -> list[list[int]]:
    """For each cell the greatest sum that a rising path from there to the end can have."""
    width = len(shared[0])
    best = [[0] * (width + 1)]
    for row in reversed(shared):
        below, sums = best[-1], [0] * (width + 1)
        for new in range(width - 1, -1, -1):
            sums[new] = max(below[new], sums[new + 1], row[new] + below[new + 1])
        best.append(sums)
    return best[::-1]
