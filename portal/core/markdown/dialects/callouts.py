"""`> [!WARNING] Title` and other kinds of Obsidian; the parser reads the plain form of GitHub."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from portal.core.markdown.notes import TONE_OF

CALLOUT = re.compile(r"\[!(?P<kind>[A-Za-z]+)(?:\|[^\]\n]*)?\][+-]?(?P<title>[^\n]*)(?:\n|\Z)")
QUOTE = ["blockquote_open", "paragraph_open", "inline"]


def _make_notes(state: StateCore) -> None:
    if "[!" not in state.src:
        return
    made: list[Token] = []
    quotes: list[bool] = []  # whether each quote that is open became a note
    tokens, position = state.tokens, 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "blockquote_open":
            found = _callout(tokens, position)
            quotes.append(found is not None)
            if found:
                position += _open(made, tokens, position, found)
                continue
        elif token.type == "blockquote_close" and quotes.pop():
            token.type, token.tag = "note_close", "div"
        made.append(token)
        position += 1
    state.tokens = made


def _callout(tokens: list[Token], position: int) -> re.Match | None:
    if [token.type for token in tokens[position : position + 3]] != QUOTE:
        return None
    found = CALLOUT.match(tokens[position + 2].content)
    return found if found and found["kind"].lower() in TONE_OF else None


def _open(made: list[Token], tokens: list[Token], position: int, found: re.Match) -> int:
    """Add the note with its title, and the rest of its first paragraph; how many were taken."""
    opening, paragraph, line = tokens[position : position + 3]
    opening.type, opening.tag, opening.meta = "note_open", "div", {"kind": found["kind"].lower()}
    title = Token("inline", "", 0, level=paragraph.level + 1, map=line.map, children=[])
    title.content = found["title"].strip() or found["kind"].capitalize()
    made += [
        opening,
        Token("note_title_open", "p", 1, level=paragraph.level, block=True),
        title,
        Token("note_title_close", "p", -1, level=paragraph.level, block=True),
    ]
    rest = line.content[found.end() :]
    if not rest.strip():
        return 4
    line.content = rest
    if line.map:
        line.map = [line.map[0] + 1, line.map[1]]
    made += [paragraph, line]
    return 3


WHOLE = [_make_notes]
