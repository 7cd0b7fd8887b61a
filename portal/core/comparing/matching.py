"""Which items of two sequences belong together, in bounded time whatever the input."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

# A longest common subsequence takes old x new / 8 bytes and / 64 steps: this is 8 MB and 20 ms.
LARGEST_GRID = 64_000_000


class Block(NamedTuple):
    """`size` items that are the same from `old` on the left and from `new` on the right."""

    old: int
    new: int
    size: int

    @property
    def end(self) -> tuple[int, int]:
        return self.old + self.size, self.new + self.size


class Gap(NamedTuple):
    """A stretch of both sequences, `old[old_start:old_end]` and `new[new_start:new_end]`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    @classmethod
    def between(cls, old: Sequence, new: Sequence) -> "Gap":
        """The whole of both."""
        return cls(0, len(old), 0, len(new))

    @property
    def grid(self) -> int:
        return (self.old_end - self.old_start) * (self.new_end - self.new_start)


def matching_blocks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Block]:
    """Blocks that are in both sequences, in order, never overlapping and never empty.

    Items that occur once on both sides are matched first, as a reader would, then the
    longest common subsequence between them. A stretch too large for that stays unmatched.
    """
    numbers: dict[Hashable, int] = {}
    left = [numbers.setdefault(item, len(numbers)) for item in old]
    right = [numbers.setdefault(item, len(numbers)) for item in new]
    return _joined(_matches(left, right, Gap.between(left, right)))


class SequenceMatcher:
    """`matching_blocks` in the form in which merge3 asks for it, that of difflib."""

    def __init__(self, isjunk, a: Sequence[Hashable], b: Sequence[Hashable]):
        self.a, self.b = a, b

    def get_matching_blocks(self) -> list[tuple[int, int, int]]:
        return [*matching_blocks(self.a, self.b), Block(len(self.a), len(self.b), 0)]


def gaps(blocks: Sequence[Block], within: Gap) -> Iterator[tuple[Gap, Block]]:
    """Each unmatched stretch with the block that follows it; the last block is empty."""
    old, new = within.old_start, within.new_start
    for block in (*blocks, Block(within.old_end, within.new_end, 0)):
        yield Gap(old, block.old, new, block.new), block
        old, new = block.old + block.size, block.new + block.size


def _matches(old: list[int], new: list[int], gap: Gap) -> Iterator[Block]:
    gap, before, after = _trimmed(old, new, gap)
    yield before
    for part, anchor in gaps(_anchors(old, new, gap), gap):
        yield from _matches_between_anchors(old, new, part)
        yield anchor
    yield after


def _matches_between_anchors(old: list[int], new: list[int], gap: Gap) -> Iterator[Block]:
    gap, before, after = _trimmed(old, new, gap)
    yield before
    if 0 < gap.grid <= LARGEST_GRID:
        yield from _longest_common_subsequence(old, new, gap)
    yield after


def _longest_common_subsequence(old: list[int], new: list[int], gap: Gap) -> Iterator[Block]:
    left, right = old[gap.old_start : gap.old_end], new[gap.new_start : gap.new_end]
    for block in Indel.opcodes(left, right).as_matching_blocks():
        yield Block(gap.old_start + block.a, gap.new_start + block.b, block.size)


def _trimmed(old: list[int], new: list[int], gap: Gap) -> tuple[Gap, Block, Block]:
    """The gap without its common beginning and end, and these two."""
    old_start, old_end, new_start, new_end = gap
    while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
        old_start, new_start = old_start + 1, new_start + 1
    while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
    before = Block(gap.old_start, gap.new_start, old_start - gap.old_start)
    after = Block(old_end, new_end, gap.old_end - old_end)
    return Gap(old_start, old_end, new_start, new_end), before, after


def _anchors(old: list[int], new: list[int], gap: Gap) -> list[Block]:
    """The longest rising run of items that occur exactly once on each side."""
    left = _places_of_unique_items(old, gap.old_start, gap.old_end)
    right = _places_of_unique_items(new, gap.new_start, gap.new_end)
    pairs = [(place, right[item]) for item, place in left.items() if item in right]
    return [Block(*pair, 1) for pair in _longest_rising(pairs)]


def _places_of_unique_items(items: list[int], start: int, end: int) -> dict[int, int]:
    counts = Counter(items[start:end])
    return {items[place]: place for place in range(start, end) if counts[items[place]] == 1}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of `pairs`, sorted by their first members, whose second ones rise too."""
    ends: list[int] = []
    chains: list[tuple] = []
    for pair in pairs:
        place = bisect_left(ends, pair[1])
        chain = (pair, chains[place - 1] if place else None)
        ends[place : place + 1] = [pair[1]]
        chains[place : place + 1] = [chain]
    return _unwound(chains[-1] if chains else None)


def _unwound(chain: tuple | None) -> list[tuple[int, int]]:
    pairs = []
    while chain:
        pair, chain = chain
        pairs.append(pair)
    return pairs[::-1]


def _joined(blocks: Iterator[Block]) -> list[Block]:
    """The blocks without the empty ones, and neighbours that touch made one."""
    joined: list[Block] = []
    for block in blocks:
        if joined and joined[-1].end == block[:2]:
            joined[-1] = joined[-1]._replace(size=joined[-1].size + block.size)
        elif block.size:
            joined.append(block)
    return joined
