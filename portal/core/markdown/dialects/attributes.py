"""Attribute lists of Kramdown, MkDocs and Pandoc: `{: #id .class }`. The id is a place to link to.

Where a link opens and how a thing looks is left to the reader and the portal.
"""

import re

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs.parse import ParseError, parse

BRACED = re.compile(r"\{[^{}\n]{1,300}\}")
LAST = re.compile(r"(?:\A|\n)[ \t]*(\{:[^{}\n]{0,300}\})[ \t]*\Z")
OF_HEADING = re.compile(r"(?<![\\\s])[ \t]*(\{:?[^{}\n]{1,300}\})[ \t]*\Z")
IDENTIFIER = re.compile(r"(?<!\S)#([\w.:-]{1,100})(?!\S)")
AFTER = ("link_close", "image", "code_inline")
CONTENTS = re.compile(r"\{:[ \t]*toc\b")


def _behind(state: StateInline, silent: bool) -> bool:
    """Right behind a link, an image or code."""
    if silent or state.pending or not state.tokens:
        return False
    found = BRACED.match(state.src, state.pos, state.posMax)
    if not found or state.tokens[-1].type not in AFTER or not _is_list(found[0]):
        return False
    state.push("attributes", "", 0)
    state.pos = found.end()
    return True


def _is_list(text: str) -> bool:
    """`{: … }` is one; without the colon only where every word has the form of an attribute."""
    if text.startswith("{:"):
        return True
    try:
        return bool(parse(text)[1])
    except ParseError:
        return False


def _of_blocks(state: StateCore) -> None:
    """In the last line of a block or as a block of its own; at the end of a heading."""
    if "{" not in state.src:
        return
    emptied: set[int] = set()
    for position, token in enumerate(state.tokens):
        if token.type == "inline" and "{" in token.content and not CONTENTS.search(token.content):
            around = state.tokens[position - 1].type
            _take(token, OF_HEADING if around == "heading_open" else LAST)
            is_empty = not token.content and not token.meta.get("identifier")
            if around == "paragraph_open" and is_empty:
                emptied |= {position - 1, position, position + 1}
    if emptied:
        state.tokens = [each for at, each in enumerate(state.tokens) if at not in emptied]


def _take(token: Token, pattern: re.Pattern) -> None:
    found = pattern.search(token.content)
    if found and _is_list(found[1]):
        token.content = token.content[: found.start()]
        name = IDENTIFIER.search(found[1][1:-1].removeprefix(":"))
        token.meta["identifier"] = name[1] if name else ""


INLINE, WHOLE = {"{": _behind}, [_of_blocks]
