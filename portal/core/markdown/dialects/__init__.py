"""What other tools add to Markdown, each in a module of its own: `add_rules` lets a parser read it.

A module has the rules of its blocks (`BLOCKS`) and of what stands in a line (`INLINE`) by the sign
that each begins with, and rules for the tokens of a whole text (`WHOLE`). Whatever is written in
none of these ways, or only half, stays the text that it is.
"""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from portal.core.markdown import notes
from portal.core.markdown.blocks import INTERRUPTING
from portal.core.markdown.dialects import (
    anchors,
    attributes,
    callouts,
    colon_blocks,
    contents,
    disclosures,
    shortcodes,
    tab_groups,
    tabs,
    wikilinks,
)

ALL = (
    *(notes, anchors, attributes, callouts, colon_blocks, contents),
    *(disclosures, shortcodes, tab_groups, tabs, wikilinks),
)


def add_rules(parser: MarkdownIt) -> None:
    """Teach the parser all of them. One rule for all signs: most lines and places have none."""
    parser.block.ruler.before("fence", "dialects", _block, {"alt": INTERRUPTING})
    parser.inline.ruler.after("image", "dialects", _inline)
    for dialect in ALL:
        for rule in getattr(dialect, "WHOLE", ()):
            parser.core.ruler.after("block", dialect.__name__, rule)


def _by_sign(kind: str) -> dict[str, list[Callable]]:
    found: dict[str, list[Callable]] = {}
    for dialect in ALL:
        for signs, rule in getattr(dialect, kind, {}).items():
            for sign in signs:
                found.setdefault(sign, []).append(rule)
    return found


BLOCKS, INLINE = _by_sign("BLOCKS"), _by_sign("INLINE")


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    place = state.bMarks[start] + state.tShift[start]
    rules = BLOCKS.get(state.src[place : place + 1])
    if rules is None or state.is_code_block(start):
        return False
    return any(rule(state, start, end, silent) for rule in rules)


def _inline(state: StateInline, silent: bool) -> bool:
    rules = INLINE.get(state.src[state.pos])
    return rules is not None and any(rule(state, silent) for rule in rules)
