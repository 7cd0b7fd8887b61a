"""Two edits of one text made one: what agrees is merged, the rest is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal, get_args

from merge3 import Merge3

from .comparison import compare_lines
from .lines import ENDING, ending_styles, split_lines
from .matching import SequenceMatcher
from .words import Segment

Choice = Literal["theirs", "yours", "both"]
Kind = Literal["unchanged", "same", "theirs", "yours", "conflict"]
MOST_CONFLICTS = 200  # that anybody decides one by one
KINDS: dict[str, Kind] = {"unchanged": "unchanged", "same": "same", "a": "theirs", "b": "yours"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A stretch that both changed in different ways.

    `number` counts from 1; `line` is where it begins in the merged text as first offered.
    """

    number: int
    line: int
    base: str
    theirs: str
    yours: str

    @property
    def theirs_segments(self) -> list[Segment]:
        """Their text with what they changed marked."""
        return _marked(self.base, self.theirs)

    @property
    def yours_segments(self) -> list[Segment]:
        """Your text with what you changed marked."""
        return _marked(self.base, self.yours)

    def chosen(self, choice: Choice) -> str:
        """Their text, yours, or theirs and then yours, each beginning on a line of its own."""
        if choice == "both":
            return _ended(self.theirs, before=self.yours) + self.yours
        return self.theirs if choice == "theirs" else self.yours


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the merge: whose it is, and its text or the conflict to decide."""

    kind: Kind
    text: str = ""
    conflict: Conflict | None = None

    def resolved(self, choices: Mapping[int, Choice]) -> str:
        if self.conflict is None:
            return self.text
        return self.conflict.chosen(choices.get(self.conflict.number, "theirs"))


@dataclass(frozen=True)
class Merge:
    """A three-way merge.

    `merged_text` never holds conflict markers: until the reader chooses, each conflict stands
    there as *theirs*, which is what the page offers first. So `merged_text` alone may lack
    words of yours; the caller keeps `yours` until every conflict has been decided.
    """

    base: str
    theirs: str
    yours: str
    chunks: list[Chunk]

    @property
    def conflicts(self) -> list[Conflict]:
        return [chunk.conflict for chunk in self.chunks if chunk.conflict]

    @property
    def clean_changes(self) -> int:
        """How many changes of either side, or of both alike, were merged without doubt."""
        return sum(chunk.kind in ("theirs", "yours", "same") for chunk in self.chunks)

    @property
    def merged_text(self) -> str:
        return self.resolve({})

    @cached_property
    def theirs_segments(self) -> list[Segment]:
        """Their whole text with what they changed marked."""
        return _marked(self.base, self.theirs)

    @cached_property
    def yours_segments(self) -> list[Segment]:
        """Your whole text with what you changed marked."""
        return _marked(self.base, self.yours)

    def resolve(self, choices: Mapping[int, Choice]) -> str:
        """The merged text, each conflict as chosen by its number, theirs where nothing is chosen.

        Raises ValueError for a number that no conflict has, or another word than theirs,
        yours, both.
        """
        numbers = {conflict.number for conflict in self.conflicts}
        for number, choice in choices.items():
            if number not in numbers or choice not in get_args(Choice):
                raise ValueError(f"There is no choice {choice!r} for conflict {number!r}.")
        return "".join(chunk.resolved(choices) for chunk in self.chunks)


def merge(base: str, theirs: str, yours: str) -> Merge:
    """Put the changes from `base` to `theirs` and from `base` to `yours` together.

    Where each text has one kind of line ending, the endings are merged apart from the lines,
    so that a browser that sends CRLF does not turn every line into a conflict.
    """
    texts = _with_one_ending(base, theirs, yours)
    lines = [split_lines(text) for text in texts]
    merged = Merge3(*lines, sequence_matcher=SequenceMatcher)  # type: ignore[misc,arg-type]
    regions = _decidable(list(merged.merge_regions()))
    return Merge(base, theirs, yours, _chunks(regions, *lines))


def _decidable(regions: list[tuple]) -> list[tuple]:
    """Texts that differ all over have one conflict, from the first of too many to the last."""
    places = [place for place, (what, *_) in enumerate(regions) if what == "conflict"]
    if len(places) <= MOST_CONFLICTS:
        return regions
    first, last = regions[places[0]], regions[places[-1]]
    whole = ("conflict", *(edge for at in (1, 3, 5) for edge in (first[at], last[at + 1])))
    return [*regions[: places[0]], whole, *regions[places[-1] + 1 :]]


def _chunks(
    regions: Iterable[tuple], base: list[str], theirs: list[str], yours: list[str]
) -> list[Chunk]:
    sources = {"unchanged": base, "same": theirs, "a": theirs, "b": yours}
    chunks: list[Chunk] = []
    number, line = 1, 1
    for what, *places in regions:
        if what == "conflict":
            texts = _texts((base, theirs, yours), places)
            chunks.append(Chunk("conflict", conflict=Conflict(number, line, *texts)))
            number, line = number + 1, line + places[3] - places[2]
        else:
            start, end = places
            chunks.append(Chunk(KINDS[what], "".join(sources[what][start:end])))
            line += end - start
    return chunks


def _texts(sources: Sequence[list[str]], places: list[int]) -> list[str]:
    pairs = zip(places[::2], places[1::2], strict=True)
    return ["".join(lines[start:end]) for lines, (start, end) in zip(sources, pairs, strict=True)]


def _with_one_ending(base: str, theirs: str, yours: str) -> list[str]:
    """The texts in the ending that a merge gives them, or as they are when one mixes endings."""
    styles = [ending_styles(text) for text in (base, theirs, yours)]
    if any(len(style) > 1 for style in styles) or len(set().union(*styles)) < 2:
        return [base, theirs, yours]
    of_base, of_theirs, of_yours = styles
    (ending,) = of_theirs if of_theirs and of_theirs != of_base else of_yours or of_base
    return [ENDING.sub(ending, text) for text in (base, theirs, yours)]


def _ended(text: str, *, before: str) -> str:
    """The text, ending its last line when other text follows."""
    if not text or not before or text[-1] in "\r\n":
        return text
    return text + next(iter(ending_styles(text) or ending_styles(before)), "\n")


def _marked(base: str, text: str) -> list[Segment]:
    """The text as segments, marked where it is not as in `base`; joined they are the text."""
    segments = []
    for row in compare_lines(base, text).rows:
        if row.right:
            segments += row.right.segments
            segments.append(Segment(row.right.ending, row.kind == "added"))
    return _run_together(segments)


def _run_together(segments: Iterable[Segment]) -> list[Segment]:
    filled = (segment for segment in segments if segment.text)
    runs = groupby(filled, key=lambda segment: segment.changed)
    return [Segment("".join(part.text for part in run), changed) for changed, run in runs]
