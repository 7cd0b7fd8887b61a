"""`<a name="x"></a>` and `<a id="x">words</a>`: places to link to, in the manner of HTML."""

import re

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from portal.core.markdown.headings import PREFIX, Outline

ANCHOR = re.compile(
    r"<a[ \t]+(?:name|id)=(?P<quote>[\"']?)(?P<name>[\w.:-]{1,100})(?P=quote)[ \t]*"
    r"(?:/>|>(?P<inside>[^<\n]*)</a>)",
    re.IGNORECASE,
)


def _anchor(state: StateInline, silent: bool) -> bool:
    found = ANCHOR.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("anchor", "", 0).meta = {"name": found["name"]}
        _read_inside(state, found)
    state.pos = found.end()
    return True


def _read_inside(state: StateInline, found: re.Match) -> None:
    if found["inside"]:
        limit = state.posMax
        state.pos, state.posMax = found.span("inside")
        state.md.inline.tokenize(state)
        state.posMax = limit


def enter(tokens: list[Token], outline: Outline) -> None:
    """Let links find the places. A name that is a heading's or comes again leads to the first."""
    for position, token in enumerate(tokens):
        if token.meta.get("identifier") and tokens[position - 1].type != "heading_open":
            place = Token("anchor", "", 0, meta={"name": token.meta["identifier"]})
            token.children = [place, *(token.children or [])]
        for child in token.children or []:
            if child.type == "anchor" and child.meta["name"] not in outline.addresses:
                name = child.meta["name"]
                child.meta["id"] = f"{PREFIX}{name}"
                outline.addresses[name] = f"#{PREFIX}{name}"
                outline.anchors.append(name)


INLINE = {"<": _anchor}
