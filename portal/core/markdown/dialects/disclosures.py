"""`<details>` with its `<summary>`, each on a line of its own: the one HTML that has a block.

Steps in it are steps: what an author folds away is part of the procedure all the same.
"""

import re

from markdown_it.rules_block import StateBlock

from portal.core.markdown.blocks import (
    closing_line,
    line_of,
    parse_body,
    push_line,
)

_SETTING = r"[ \t]+(?:open|markdown|class|id|name)(?:=(?:\"[^\"<>]*\"|'[^'<>]*'|\w+))?"
OPENING = re.compile(
    rf"<details(?P<settings>(?:{_SETTING}){{0,5}})[ \t]*>[ \t]*"
    r"(?:<summary>(?P<summary>.*)</summary>)?[ \t]*",
    re.IGNORECASE,
)
CLOSING = re.compile(r"(?P<before>(?:(?!<details).)*?)</details>", re.IGNORECASE)
SUMMARY = re.compile(r"<summary>(.*?)</summary>[ \t]*", re.IGNORECASE | re.DOTALL)
LONGEST_SUMMARY = 5  # lines
LOOKS = re.compile(r"</?(?:b|strong|i|em|u|code|tt|h[1-6])>", re.IGNORECASE)
OPEN = re.compile(r"(?<!\S)open(?!\S*-)", re.IGNORECASE)
UNNAMED = "Details"


def _disclosure(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    found = OPENING.fullmatch(line_of(state, start))
    closing = closing_line(state, start, end, OPENING, CLOSING) if found else None
    if found is None or closing is None:
        return False
    if not silent:
        summary, body = found["summary"], start + 1
        if summary is None:
            summary, body = _summary(state, body, closing)
        title = " ".join(LOOKS.sub("", summary).split())
        push(state, title, (start, body, closing), is_open=bool(OPEN.search(found["settings"])))
        state.line = closing + 1
    return True


def _summary(state: StateBlock, line: int, end: int) -> tuple[str, int]:
    """The summary that stands on the next lines, and the line after it."""
    while line < end and state.isEmpty(line):
        line += 1
    for after in range(line + 1, min(line + LONGEST_SUMMARY, end) + 1):
        text = "\n".join(line_of(state, number).strip() for number in range(line, after))
        found = SUMMARY.fullmatch(text)
        if found:
            return found[1], after
    return "", line


def push(
    state: StateBlock, summary: str, lines: tuple[int, int, int], *, is_open: bool = False
) -> None:
    """Push what opens on `lines[0]` and has in it what stands from lines[1] to lines[2]."""
    token = state.push("details_open", "details", 1)
    token.map, token.meta = [lines[0], lines[2]], {"is_open": is_open}
    push_line(state, "summary", "summary", summary or UNNAMED, lines[0])
    first = len(state.tokens)
    _parse_inside(state, *lines[1:])
    for inside in state.tokens[first:]:
        if inside.type == "ordered_list_open":
            inside.meta["folds"] = inside.meta.get("folds", 0) + 1
    state.push("details_close", "details", -1)


def _parse_inside(state: StateBlock, start: int, closing: int) -> None:
    """Parse up to the end, which may stand behind some words of the last line."""
    found = CLOSING.fullmatch(line_of(state, closing).rstrip())
    if found is None or not found["before"].strip():
        parse_body(state, start, closing, state.blkIndent)
        return
    end = state.eMarks[closing]
    state.eMarks[closing] = state.bMarks[closing] + state.tShift[closing] + found.end("before")
    parse_body(state, start, closing + 1, state.blkIndent)
    state.eMarks[closing] = end


BLOCKS = {"<": _disclosure}
