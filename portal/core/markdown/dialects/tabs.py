"""Content tabs of MkDocs (`=== "Linux"`): alternatives one below the other, each with its name.

All are shown: on paper, to a search and at night nothing may hide behind a tab.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from portal.core.markdown.blocks import (
    INDENT,
    end_of_indented,
    line_of,
    parse_body,
    push_line,
)

TAB = re.compile(r"===(?P<new>[!+]{0,2})[ \t]+(?:\"(?P<name>[^\"]+)\"|'(?P<other>[^']+)')[ \t]*")


def _tabs(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    found = _tab(state, start)
    if found is None or silent:
        return found is not None
    opening = state.push("tabs_open", "div", 1)
    line = start
    while found:
        line = _push_tab(state, found, line, end)
        following = _next_tab(state, line, end)
        found = following[1] if following else None
        line = following[0] if following else line
    opening.map = [start, line]
    state.push("tabs_close", "div", -1)
    state.line = line
    return True


def _tab(state: StateBlock, line: int) -> re.Match | None:
    return None if state.is_code_block(line) else TAB.fullmatch(line_of(state, line))


def _next_tab(state: StateBlock, line: int, end: int) -> tuple[int, re.Match] | None:
    """The tab that follows in the same row of tabs, with its line."""
    while line < end and state.isEmpty(line):
        line += 1
    if line >= end or state.sCount[line] < state.blkIndent:
        return None
    found = _tab(state, line)
    return (line, found) if found and "!" not in found["new"] else None


def _push_tab(state: StateBlock, found: re.Match, line: int, end: int) -> int:
    """Push one alternative; returns the line after it."""
    after = end_of_indented(state, line + 1, end)
    with tab(state, found["name"] or found["other"], line, after):
        parse_body(state, line + 1, after, state.sCount[line] + INDENT)
    return after


@contextmanager
def tab(state: StateBlock, name: str, line: int, after: int) -> Iterator[None]:
    """Push an alternative; what is pushed inside is in it."""
    token = state.push("tab_open", "div", 1)
    token.map, token.meta = [line, after], {"name": name}
    push_line(state, "tab_title", "p", name, line)
    first = len(state.tokens)
    yield
    _name_items(state.tokens[first:], name)
    state.push("tab_close", "div", -1)


def _name_items(tokens: list[Token], name: str) -> None:
    """Let the items of lists know their alternative: as steps they stand by themselves."""
    for position, token in enumerate(tokens[:-2]):
        if token.type == "list_item_open" and tokens[position + 2].type == "inline":
            meta = tokens[position + 2].meta
            meta["alternative"] = ", ".join(filter(None, (name, meta.get("alternative"))))


BLOCKS = {"=": _tabs}
