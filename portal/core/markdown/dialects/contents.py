"""The table of contents: `[TOC]`, `[[_TOC_]]`, `{{< toc >}}` and `* TOC` with `{:toc}`."""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from portal.core.markdown.blocks import line_of

LINE = re.compile(
    r"\[TOC\]|\[\[_?TOC_?\]\]|\{\{[<%][ \t]*toc[ \t]*/?[>%]\}\}|\{:[ \t]*toc[^{}]*\}", re.IGNORECASE
)
OF_KRAMDOWN = re.compile(r"[^\n]*\n\{:[ \t]*toc[^{}\n]*\}[ \t]*")
LISTS = ("bullet_list_open", "ordered_list_open")
LIST = ["list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close"]


def _line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """On a line of its own, which is a paragraph of its own."""
    if silent or not LINE.fullmatch(line_of(state, start).rstrip()):
        return False
    if start + 1 < end and not state.isEmpty(start + 1):
        return False
    state.push("contents", "", 0).map = [start, start + 1]
    state.line = start + 1
    return True


def _list(state: StateCore) -> None:
    """A list whose one item is only there to be replaced is no procedure either."""
    if "{:" not in state.src:
        return
    kept: list[Token] = []
    position = 0
    while position < len(state.tokens):
        token = state.tokens[position]
        if token.type in LISTS and _is_replaced(state.tokens[position + 1 : position + 7]):
            kept.append(Token("contents", "", 0, map=token.map, level=token.level))
            position += 7
        else:
            kept.append(token)
            position += 1
    state.tokens = kept


def _is_replaced(inside: list[Token]) -> bool:
    return (
        [token.type for token in inside[:5]] == LIST
        and inside[5].type in ("bullet_list_close", "ordered_list_close")
        and OF_KRAMDOWN.fullmatch(inside[2].content) is not None
    )


def fill(tokens: list[Token], toc: list[dict]) -> None:
    """Give every table of contents its entries."""
    for token in tokens:
        if token.type == "contents":
            token.meta["entries"] = toc


BLOCKS, WHOLE = {"[{": _line}, [_list]
