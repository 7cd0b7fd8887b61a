"""What differs between texts, and how two edits of one text become one: pure data, no HTML."""

from .comparison import (
    MOST_LINES,
    Comparison,
    EndingChange,
    Excerpt,
    Group,
    Piece,
    Row,
    Side,
    compare_lines,
)
from .pairs import similar_pairs
from .three_way import Choice, Chunk, Conflict, Merge, merge
from .words import Segment

__all__ = [
    "MOST_LINES",
    "Choice",
    "Chunk",
    "Comparison",
    "Conflict",
    "EndingChange",
    "Excerpt",
    "Group",
    "Merge",
    "Piece",
    "Row",
    "Segment",
    "Side",
    "compare_lines",
    "merge",
    "similar_pairs",
]
