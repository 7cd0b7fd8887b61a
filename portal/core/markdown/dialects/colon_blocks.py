"""Containers of Docusaurus, VuePress and MyST: `:::note Title` … `:::`, and `:::{note}`."""

import re

from markdown_it.rules_block import StateBlock

from portal.core.markdown.blocks import closing_line, line_of
from portal.core.markdown.dialects import disclosures
from portal.core.markdown.notes import kind_and_title, push_note

OPENING = re.compile(
    r"(?P<kind>:{3,})[ \t]*(?:\{[ \t]*\.?(?P<braced>[\w-]+)[^{}]*\}|(?P<plain>[A-Za-z][\w-]*))"
    r"(?:\[(?P<title>[^\]]*)\])?(?:\{[^{}]*\})?(?:[ \t]+(?P<rest>.*))?"
)
CLOSING = re.compile(r"(?P<kind>:{3,})")
FOLDED = ("details", "dropdown", "spoiler")


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    found = OPENING.fullmatch(line_of(state, start))
    closing = closing_line(state, start, end, OPENING, CLOSING) if found else None
    if found is None or closing is None:
        return False
    if not silent:
        name, title = found["braced"] or found["plain"], (found["title"] or found["rest"] or "")
        lines = (start, start + 1, closing)
        if name in FOLDED:
            disclosures.push(state, title.strip(), lines)
        else:
            kind, words = kind_and_title(f"{name} {title.strip()}".strip())
            push_note(state, kind, words, lines, state.blkIndent)
        state.line = closing + 1
    return True


BLOCKS = {":": _container}
