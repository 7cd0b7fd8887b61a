"""What rules for blocks share: the lines of a block, its end, and parsing what is in it."""

import re
from collections import Counter

from markdown_it.rules_block import StateBlock

INTERRUPTING = ["paragraph", "reference", "blockquote", "list"]
INDENT = 4
FENCE = re.compile(r"(`{3,}|~{3,})([^`]*)")
# what may stand before the first word of a line: indentation, marks of quotes and of items
BEFORE = re.compile(r"(?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*")


def line_of(state: StateBlock, line: int) -> str:
    """The text of the line, without its indentation."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def end_of_indented(state: StateBlock, line: int, end: int) -> int:
    """The line after the last that is indented below the one before `line`."""
    indent = state.sCount[line - 1] + INDENT
    last = line
    while line < end and (state.isEmpty(line) or state.sCount[line] >= indent):
        line += 1
        last = last if state.isEmpty(line - 1) else line
    return last


def parse_body(state: StateBlock, start: int, end: int, indent: int) -> None:
    """Parse these lines as blocks inside the token that was opened last."""
    outside = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax, state.parentType = indent, end, "note"
    state.md.block.tokenize(state, start, end)
    state.blkIndent, state.lineMax, state.parentType = outside


def push_line(state: StateBlock, kind: str, tag: str, text: str, line: int) -> None:
    """A line of text of its own, such as the title of a note."""
    state.push(f"{kind}_open", tag, 1)
    token = state.push("inline", "", 0)
    token.content, token.children, token.map = text, [], [line, line + 1]
    state.push(f"{kind}_close", tag, -1)


def closing_line(
    state: StateBlock, start: int, end: int, opens: re.Pattern, closes: re.Pattern
) -> int | None:
    """Where the block ends that begins on `start`, if that is in the same list item or quote.

    `opens` and `closes` match whole lines, not those of fenced code; their group `kind`, where
    there is one, has to be the same. Every text is searched through once.
    """
    key, known = (opens, closes), state.env.setdefault("closing_lines", {})
    source, pairs = known.get(key, (None, {}))
    if source is not state.src:
        pairs = _pairs(state.src, opens, closes)
        known[key] = (state.src, pairs)
    line = pairs.get(start)
    return line if line is not None and _is_inside(state, start, line, end) else None


def _is_inside(state: StateBlock, start: int, line: int, end: int) -> bool:
    return line < end and all(
        state.isEmpty(number) or state.sCount[number] >= state.blkIndent
        for number in range(start, line + 1)
    )


def _pairs(source: str, opens: re.Pattern, closes: re.Pattern) -> dict[int, int]:
    """The line that closes each line that opens; what nothing closes is not in it."""
    opened, fence = _Opened(), ""
    for number, text in enumerate(source.split("\n")):
        line = text[BEFORE.match(text).end() :].rstrip()
        mark = FENCE.fullmatch(line)
        if fence:
            is_end = mark and mark[1].startswith(fence) and not mark[2].strip()
            fence = "" if is_end else fence
        elif mark:
            fence = mark[1]
        elif found := closes.fullmatch(line):
            opened.close(_kind(found), number)
        elif found := opens.fullmatch(line):
            opened.open(_kind(found), number)
    return opened.pairs


def _kind(found: re.Match) -> str:
    return found.groupdict().get("kind") or ""


class _Opened:
    """What is open; the end of one is also the end of those that opened in it and never closed."""

    def __init__(self) -> None:
        self.pairs: dict[int, int] = {}
        self.stack: list[tuple[str, int]] = []
        self.kinds: Counter[str] = Counter()

    def open(self, kind: str, line: int) -> None:
        self.stack.append((kind, line))
        self.kinds[kind] += 1

    def close(self, kind: str, line: int) -> None:
        while self.kinds[kind]:
            last, opening = self.stack.pop()
            self.kinds[last] -= 1
            if last == kind:
                self.pairs[opening] = line
                return
