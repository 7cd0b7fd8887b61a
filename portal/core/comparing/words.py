"""What changed inside a pair of lines, down to the word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from .matching import Gap, gaps, matching_blocks

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
WORD = re.compile(r"\w+")


class Segment(NamedTuple):
    """A stretch of text that is all changed or all as on the other side."""

    text: str
    changed: bool


class Stretch(NamedTuple):
    """What stands on the left and what on the right; the same text when nothing changed."""

    old: str
    new: str
    changed: bool


def mark_words(old: str, new: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """The segments of the left and of the right text."""
    stretches = list(_without_islands(_stretches(TOKEN.findall(old), TOKEN.findall(new))))
    return (
        tuple(Segment(part.old, part.changed) for part in stretches if part.old),
        tuple(Segment(part.new, part.changed) for part in stretches if part.new),
    )


def whole(text: str, *, changed: bool) -> tuple[Segment, ...]:
    """The text as one segment; none when there is no text."""
    return (Segment(text, changed),) if text else ()


def words_in(text: str) -> list[str]:
    return WORD.findall(text)


def changed_words(segments: Iterable[Segment]) -> int:
    """How many words the changed segments hold."""
    return sum(len(words_in(segment.text)) for segment in segments if segment.changed)


def shared_words(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words stand in both lines in the same order; 0 when the lines are not alike.

    Lines are alike when at least half of the shorter one lives on in the longer one.
    """
    shared = LCSseq.similarity(old, new)
    return shared if shared * 2 >= min(len(old), len(new)) else 0


def _stretches(old: list[str], new: list[str]) -> Iterator[Stretch]:
    for gap, block in gaps(matching_blocks(old, new), Gap.between(old, new)):
        removed = "".join(old[gap.old_start : gap.old_end])
        added = "".join(new[gap.new_start : gap.new_end])
        if removed or added:
            yield Stretch(removed, added, changed=True)
        if block.size:
            same = "".join(old[block.old : block.old + block.size])
            yield Stretch(same, same, changed=False)


def _without_islands(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Join changes with nothing but a space between: a sentence that changed reads as one."""
    held: list[Stretch] = []
    for stretch in stretches:
        if stretch.changed and len(held) == 2:
            held = [_one_change(*held, stretch)]
        elif stretch.changed or (len(held) == 1 and stretch.old.isspace()):
            held.append(stretch)
        else:
            yield from held
            yield stretch
            held = []
    yield from held


def _one_change(*stretches: Stretch) -> Stretch:
    old = "".join(stretch.old for stretch in stretches)
    new = "".join(stretch.new for stretch in stretches)
    return Stretch(old, new, changed=True)
