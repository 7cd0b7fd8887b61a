"""Two texts side by side and inline, line by line and down to the word."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, zip_longest
from typing import Literal, NamedTuple

from .lines import ENDING_NAMES, Line, lines_of, sections_of
from .matching import Gap, gaps, matching_blocks
from .pairs import Budget, similar_pairs
from .words import Segment, changed_words, mark_words, whole

CONTEXT = 3
MOST_LINES = 20_000  # that a page compares: a text of 128 kB with more has no words
MOST_SHOWN = 2_000  # rows: a page of more is neither read nor drawn in a second


class Side(NamedTuple):
    """One line of one text: its number from 1, its words, its ending, the section it is in."""

    number: int
    segments: tuple[Segment, ...]
    ending: str
    section: str

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.segments)


class Piece(NamedTuple):
    """A stretch of an inline row."""

    text: str
    change: Literal["equal", "removed", "added"]


class EndingChange(NamedTuple):
    """How many lines with the same text end otherwise: LF, CRLF, CR or none (end of file)."""

    old: str
    new: str
    lines: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table; `left` is None when added, `right` when removed."""

    kind: Literal["equal", "changed", "added", "removed"]
    left: Side | None
    right: Side | None

    @property
    def inline(self) -> list[Piece]:
        """The row in one line: removed words stand before the added ones that replace them."""
        left = _runs(self.left.segments if self.left else ())
        right = _runs(self.right.segments if self.right else ())
        return [piece for pair in zip_longest(left, right) for piece in _pieces(*pair)]

    @property
    def section(self) -> str:
        return (self.right or self.left).section


@dataclass(frozen=True, slots=True)
class Group:
    """Rows to show together: a change with its context, or equal rows to fold away."""

    folded: bool
    rows: list[Row]

    @property
    def hidden(self) -> int:
        """How many rows the page hides until asked."""
        return len(self.rows) if self.folded else 0

    @property
    def sections(self) -> list[str]:
        """The titles of the sections that the rows stand in, in order."""
        return list(dict.fromkeys(row.section for row in self.rows if row.section))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """As much of a comparison as a page draws, and how many rows it leaves out."""

    groups: list[Group]
    left_out: int


@dataclass(frozen=True)
class Comparison:
    """All rows of two texts; joined, the left sides are the old text, the right ones the new."""

    rows: list[Row] = field(repr=False)
    uncompared: int = 0  # lines beyond those that were compared, where they differ

    @cached_property
    def groups(self) -> list[Group]:
        """Changes with three lines of context, and the equal rows between them folded."""
        shown = _near_changes(self.rows)
        pairs = zip(self.rows, shown, strict=True)
        runs = groupby(pairs, key=lambda pair: pair[1])
        return [Group(not visible, [row for row, _ in run]) for visible, run in runs]

    def excerpt(self, *, unfolded: bool = False, most: int = MOST_SHOWN) -> Excerpt:
        """The first rows, `most` of those that are not folded away; unfolded, none is."""
        shown, left = [], most
        for group in self.groups:
            if left <= 0:
                break
            folded = group.folded and not unfolded
            rows = group.rows if folded else group.rows[:left]
            left -= 0 if folded else len(rows)
            shown.append(Group(folded, rows))
        drawn = sum(len(group.rows) for group in shown)
        return Excerpt(shown, len(self.rows) - drawn + self.uncompared)

    @property
    def same(self) -> bool:
        """Whether the texts are equal to the byte."""
        return self.same_words and not self.ending_changes

    @property
    def same_words(self) -> bool:
        """Whether nothing differs but line endings."""
        return not self.uncompared and all(row.kind == "equal" for row in self.rows)

    @cached_property
    def words_removed(self) -> int:
        return sum(changed_words(row.left.segments) for row in self.rows if row.left)

    @cached_property
    def words_added(self) -> int:
        return sum(changed_words(row.right.segments) for row in self.rows if row.right)

    @cached_property
    def sections_changed(self) -> list[str]:
        """Titles of the second-level sections touched; "" is what stands before the first."""
        return list(dict.fromkeys(row.section for row in self.rows if row.kind != "equal"))

    @cached_property
    def ending_changes(self) -> list[EndingChange]:
        """Endings that differ where the text does not, the most frequent change first."""
        pairs = ((row.left, row.right) for row in self.rows if row.kind == "equal")
        found = Counter((old.ending, new.ending) for old, new in pairs if old.ending != new.ending)
        return [
            EndingChange(ENDING_NAMES[old], ENDING_NAMES[new], lines)
            for (old, new), lines in found.most_common()
        ]


def compare_lines(old: str, new: str, *, most: int | None = None) -> Comparison:
    """What turns `old` into `new`. Lines that differ in their ending alone are equal rows.

    `most` lines of each are compared; without it all are, and no row is missing.
    """
    old_lines, new_lines = lines_of(old), lines_of(new)
    left, right = _sides(old_lines[:most]), _sides(new_lines[:most])
    old_rest, new_rest = old_lines[len(left) :], new_lines[len(right) :]
    blocks = matching_blocks([side.text for side in left], [side.text for side in right])
    budget = Budget()
    rows: list[Row] = []
    for gap, block in gaps(blocks, Gap.between(left, right)):
        removed, added = left[gap.old_start : gap.old_end], right[gap.new_start : gap.new_end]
        rows += _changed_rows(removed, added, budget)
        same = range(block.size)
        rows += (Row("equal", left[block.old + at], right[block.new + at]) for at in same)
    return Comparison(rows, 0 if old_rest == new_rest else max(len(old_rest), len(new_rest)))


def _sides(lines: list[Line]) -> list[Side]:
    titles = sections_of(lines)
    return [
        Side(number, whole(line.text, changed=False), line.ending, title)
        for number, (line, title) in enumerate(zip(lines, titles, strict=True), 1)
    ]


def _changed_rows(removed: list[Side], added: list[Side], budget: Budget) -> Iterator[Row]:
    """The lines that live on as changed rows, and around them what went and what came."""
    pairs = similar_pairs([side.text for side in removed], [side.text for side in added], budget)
    old = new = 0
    for old_place, new_place in (*pairs, (len(removed), len(added))):
        yield from (Row("removed", _all_changed(side), None) for side in removed[old:old_place])
        yield from (Row("added", None, _all_changed(side)) for side in added[new:new_place])
        if old_place < len(removed):
            yield _word_row(removed[old_place], added[new_place])
        old, new = old_place + 1, new_place + 1


def _word_row(left: Side, right: Side) -> Row:
    old, new = mark_words(left.text, right.text)
    return Row("changed", left._replace(segments=old), right._replace(segments=new))


def _all_changed(side: Side) -> Side:
    return side._replace(segments=whole(side.text, changed=True))


def _near_changes(rows: list[Row]) -> list[bool]:
    """For each row whether it is a change or stands at most three lines from one."""
    shown = [False] * len(rows)
    for place, row in enumerate(rows):
        if row.kind != "equal":
            start, end = max(0, place - CONTEXT), min(len(rows), place + CONTEXT + 1)
            shown[start:end] = [True] * (end - start)
    return shown


def _runs(segments: Iterable[Segment]) -> list[tuple[str, str]]:
    """(changed text, the equal text after it) for each equal stretch and for the end."""
    runs, changed = [], ""
    for segment in segments:
        if segment.changed:
            changed += segment.text
        else:
            runs.append((changed, segment.text))
            changed = ""
    return [*runs, (changed, "")]


def _pieces(left: tuple[str, str] | None, right: tuple[str, str] | None) -> Iterator[Piece]:
    removed, same = left or ("", "")
    added, _ = right or ("", "")
    if removed:
        yield Piece(removed, "removed")
    if added:
        yield Piece(added, "added")
    if same:
        yield Piece(same, "equal")
