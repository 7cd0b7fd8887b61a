"""Tabs that have a beginning and an end: alternatives with their names, as those of MkDocs.

Hugo: `{{< tabs >}}` with `{{< tab "Linux" >}}` in it. Docusaurus: `<Tabs>` with
`<TabItem label="Linux">`. Python Markdown: blocks `/// tab | Linux`, and so `/// note | Title`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it.rules_block import StateBlock

from portal.core.markdown.blocks import closing_line, line_of, parse_body
from portal.core.markdown.dialects import disclosures, tabs
from portal.core.markdown.dialects.colon_blocks import FOLDED
from portal.core.markdown.dialects.shortcodes import settings_of
from portal.core.markdown.notes import TONE_OF, push_note


class Marks(NamedTuple):
    """The lines that open and close something."""

    opens: re.Pattern
    closes: re.Pattern


def _hugo(kinds: str) -> Marks:
    return Marks(
        re.compile(
            rf"\{{\{{[<%][ \t]*(?P<kind>{kinds})(?P<info>(?:[ \t][^{{}}]{{0,300}})?)[>%]\}}\}}"
        ),
        re.compile(rf"\{{\{{[<%][ \t]*/[ \t]*(?P<kind>{kinds})[ \t]*[>%]\}}\}}"),
    )


def _element(kind: str) -> Marks:
    return Marks(
        re.compile(rf"<(?P<kind>{kind})(?P<info>(?:[ \t][^<>]{{0,500}})?)>"),
        re.compile(rf"</(?P<kind>{kind})>"),
    )


GROUPS = (
    (_hugo("tabs|tabpane|tabgroup"), _hugo("tab|tabitem")),
    (_element("Tabs"), _element("TabItem")),
)
BLOCK = Marks(
    re.compile(r"(?P<kind>/{3,})[ \t]*(?P<name>[a-z][\w-]*)(?:[ \t]*\|[ \t]*(?P<title>.*))?"),
    re.compile(r"(?P<kind>/{3,})"),
)
OPTION = re.compile(r"(?: {4,}|\t)[\w-]+:.*")
NAMES = ("label", "name", "header", "title", "tabName", "", "value")
LANGUAGES = ("lang", "codelang", "language")


def _group(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    for outer, inner in GROUPS:
        closing = _closing(state, start, end, outer)
        found = list(_tabs(state, start + 1, closing, inner)) if closing else []
        if found:
            if not silent:
                _push_group(state, start, closing, found)
            return True
    return False


def _closing(state: StateBlock, line: int, end: int, marks: Marks) -> int | None:
    if not marks.opens.fullmatch(line_of(state, line).rstrip()):
        return None
    return closing_line(state, line, end, *marks)


def _tabs(state: StateBlock, line: int, end: int, marks: Marks) -> Iterator[tuple[int, int, dict]]:
    """(line, its end, settings) of each tab."""
    while line < end:
        closing = _closing(state, line, end, marks)
        if closing is not None:
            opening = marks.opens.fullmatch(line_of(state, line).rstrip())
            yield line, closing, settings_of(opening["info"] if opening else "")
        line = line + 1 if closing is None else closing + 1


def _push_group(state: StateBlock, start: int, closing: int, found: list) -> None:
    """The alternatives, and what stands between them as it is."""
    state.push("tabs_open", "div", 1).map = [start, closing]
    line = start + 1
    for opening, end, settings in found:
        parse_body(state, line, opening, state.blkIndent)
        name = next((settings[each] for each in NAMES if settings.get(each)), "")
        language = next((settings[each] for each in LANGUAGES if settings.get(each)), "")
        _push_tab(state, name or "Alternative", (opening, end), language)
        line = end + 1
    parse_body(state, line, closing, state.blkIndent)
    state.push("tabs_close", "div", -1)
    state.line = closing + 1


def _push_tab(state: StateBlock, name: str, lines: tuple[int, int], language: str = "") -> None:
    opening, closing = lines
    with tabs.tab(state, name, opening, closing):
        if language and "```" not in state.getLines(opening + 1, closing, 0, True):
            token = state.push("fence", "code", 0)
            token.info, token.markup, token.map = language, "```", [opening, closing]
            token.content = state.getLines(opening + 1, closing, state.blkIndent, True)
        else:
            parse_body(state, opening + 1, closing, _indent(state, opening + 1, closing))


def _indent(state: StateBlock, line: int, end: int) -> int:
    """That of all its lines: what is in an element may be indented as its author likes it."""
    columns = [state.sCount[each] for each in range(line, end) if not state.isEmpty(each)]
    return min(columns, default=state.blkIndent)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    closing = _closing(state, start, end, BLOCK)
    found = BLOCK.opens.fullmatch(line_of(state, start).rstrip()) if closing else None
    if found is None or found["name"] not in {*TONE_OF, *FOLDED, "tab", "admonition"}:
        return False
    if silent:
        return True
    title, name = (found["title"] or "").strip(), found["name"]
    if name == "tab":
        _push_row(state, start, end)
        return True
    first = _after_options(state, start + 1, closing)
    if name in FOLDED:
        disclosures.push(state, title, (start, first, closing))
    else:
        kind = "note" if name == "admonition" else name
        push_note(state, kind, title or kind.title(), (start, first, closing), state.blkIndent)
    state.line = closing + 1
    return True


def _push_row(state: StateBlock, line: int, end: int) -> None:
    """The tabs that follow each other."""
    state.push("tabs_open", "div", 1).map = [line, end]
    while (closing := _closing_of_tab(state, line, end)) is not None:
        found = BLOCK.opens.fullmatch(line_of(state, line).rstrip())
        name = (found["title"] or "").strip() if found else ""
        first = _after_options(state, line + 1, closing)
        _push_tab(state, name or "Alternative", (first - 1, closing))
        state.line = line = closing + 1
        while line < end and state.isEmpty(line):
            line += 1
    state.push("tabs_close", "div", -1)


def _closing_of_tab(state: StateBlock, line: int, end: int) -> int | None:
    found = BLOCK.opens.fullmatch(line_of(state, line).rstrip()) if line < end else None
    return _closing(state, line, end, BLOCK) if found and found["name"] == "tab" else None


def _after_options(state: StateBlock, line: int, closing: int) -> int:
    """The line after `    open: True` and the like."""
    while line < closing and OPTION.fullmatch(state.src[state.bMarks[line] : state.eMarks[line]]):
        line += 1
    return line


BLOCKS = {"{<": _group, "/": _block}
