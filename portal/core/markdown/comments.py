"""HTML comments: kept in the text, and nothing else is made of them.

`<!--` without an end stays text, as does whatever stands in code.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

OPENING, CLOSING = "<!--", "-->"
SHORTEST = 2  # `<!-->` is a comment, too: its end may begin within its beginning
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]
SPACES = " \t"


def add_rules(parser: MarkdownIt) -> None:
    """Let the parser pass over comments, also over those with empty lines in them."""
    parser.block.ruler.before("fence", "comment", _block, {"alt": INTERRUPTED})
    parser.inline.ruler.before("autolink", "comment", _inline)


def without_blocks(text: str, parser: MarkdownIt, env: dict) -> str:
    """The text with empty lines in place of comments that begin a line.

    So a comment at the edge ends no list: what is indented below it still belongs to its item.
    """
    if OPENING not in text or CLOSING not in text:
        return text
    found = env | {"comment_places": []}
    parser.block.parse(text.replace("\x00", "\ufffd"), parser, found, [])
    kept, end = [], 0
    for start, after in found["comment_places"]:
        kept.append(text[end:start])
        end = after
    return "".join([*kept, text[end:]])


def without_any(text: str, env: dict) -> str:
    """The text that was parsed with this `env`, without its comments; its lines stay."""
    known = env.get("comments", set())
    end = text.rfind(CLOSING) + len(CLOSING)  # beyond it each `<!--` would be looked after in vain
    if not known:
        return text
    return COMMENT.sub(lambda found: _blank(found[0], known), text[:end]) + text[end:]


def _blank(comment: str, known: set[str]) -> str:
    return "\n" * comment.count("\n") if comment in known else comment


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Comments from the beginning of a line to the end of the same or a later one.

    What follows the end on a later line is read as if it began the line.
    """
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(OPENING, begin) or state.is_code_block(start):
        return False
    after = _end_of_comments(state, begin, state.eMarks[end - 1])
    if after is None:
        return False
    last = _line_at(state, after, start, end)
    has_more = bool(state.src[after : state.eMarks[last]].strip(SPACES))
    if has_more and last == start:
        return False  # a line of text that begins with a comment: `_inline` takes it
    if not silent:
        _note_places(state, start, last, after)
        if has_more:
            _begin_line(state, last, after)
        state.line = last if has_more else last + 1
    return True


def _end_of_comments(state: StateBlock, begin: int, limit: int) -> int | None:
    """Where the comment that begins there ends, and those that follow it on its last line."""
    after = None
    while state.src.startswith(OPENING, begin):
        end = _end(state, begin, limit)
        if end is None:
            break
        after, begin = end, _after_spaces(state, end, limit)
    return after


def _end(state: StateBlock | StateInline, begin: int, limit: int) -> int | None:
    """Where the comment ends. Looks no further than the last end of any comment."""
    source, last = state.env.get("last_comment_end", (None, 0))
    if source is not state.src:
        last = state.src.rfind(CLOSING)
        state.env["last_comment_end"] = (state.src, last)
    if begin > last:
        return None
    found = state.src.find(CLOSING, begin + SHORTEST, limit)
    return None if found < 0 else found + len(CLOSING)


def _line_at(state: StateBlock, place: int, start: int, end: int) -> int:
    line = start
    while line + 1 < end and state.eMarks[line] < place:
        line += 1
    return line


def _note_places(state: StateBlock, start: int, last: int, after: int) -> None:
    """Where the comment stands in each line, without the marks of quotes around it."""
    for line in range(start, last + 1):
        first = state.bMarks[line] + state.tShift[line]
        place = (first, min(state.eMarks[line], after))
        state.env.setdefault("comment_places", []).append(place)


def _begin_line(state: StateBlock, line: int, place: int) -> None:
    place = _after_spaces(state, place, state.eMarks[line])
    state.bMarks[line], state.tShift[line], state.sCount[line] = place, 0, state.blkIndent


def _inline(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(OPENING, state.pos):
        return False
    end = _end(state, state.pos, state.posMax)
    if end is None:
        return False
    state.env.setdefault("comments", set()).add(state.src[state.pos : end])
    begins_line = state.pos == 0 or state.src[state.pos - 1] == "\n"
    state.pos = _after_spaces(state, end, state.posMax) if begins_line else end
    return True


def _after_spaces(state: StateBlock | StateInline, place: int, limit: int) -> int:
    while place < limit and state.src[place] in SPACES:
        place += 1
    return place
