"""Inline rules of ours: each reads one thing at the current place or returns False."""

import re

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from portal.core.markdown.parameters import USE

# pictures and comments may follow on the line; bounded, as each mark looks ahead
TARGET = r"\([^()\n]{0,500}\)"
PICTURE = rf"\[?!\[[^\]\n]{{0,500}}\](?:{TARGET}|\[[^\]\n]{{0,100}}\])?(?:\]{TARGET})?"
COMMENT = r"<!--[^\n]{0,500}?-->"
MARK = r"\{(check|second person)\}"
STEP_MARK = re.compile(rf"{MARK}(?=(?>[ \t]|{COMMENT}|{PICTURE})*+(?:{MARK}|\n|\Z))")
LINE_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
PLACEHOLDER = re.compile(r"<[a-z][a-z0-9_ .-]{0,60}>", re.IGNORECASE)
WEB_SCHEME = re.compile(r"(?<![A-Za-z0-9])https?\Z", re.IGNORECASE)
WEB_REST = re.compile(r"://[A-Za-z0-9\[][^\s<>{}|\\^`\"]*")


def parameter(state: StateInline, silent: bool) -> bool:
    """`{{ name }}` of a name that the front matter declares."""
    found = _match(USE, state, "{")
    if found is None or "page" not in state.env or found[1] not in state.env["page"].names:
        return False
    return _take(state, silent, "parameter", found[0], name=found[1])


def step_mark(state: StateInline, silent: bool) -> bool:
    """`{check}` or `{second person}` at the end of a line."""
    found = _match(STEP_MARK, state, "{")
    return found is not None and _take(state, silent, "step_mark", found[0], mark=found[1])


def placeholder(state: StateInline, silent: bool) -> bool:
    """`<name>` is one word, whatever marks of emphasis are in it."""
    found = _match(PLACEHOLDER, state, "<")
    if found is None:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def line_break(state: StateInline, silent: bool) -> bool:
    """`<br>`: the only way to break a line inside a table cell, hence the only HTML read."""
    found = _match(LINE_BREAK, state, "<")
    length = len(found[0]) if found else 0
    return found is not None and _take(state, silent, "hardbreak", "", length, is_html=True)


def _match(pattern: re.Pattern, state: StateInline, first: str) -> re.Match | None:
    if state.src[state.pos] != first:
        return None
    return pattern.match(state.src, state.pos, state.posMax)


def _take(state: StateInline, silent: bool, kind: str, content: str, length: int = 0, **meta):
    if not silent:
        token = state.push(kind, "", 0)
        token.content = content
        token.meta = meta
    state.pos += length or len(content)
    return True


def bare_address(state: StateInline, silent: bool) -> bool:
    """`https://…` written without brackets; other bare words never become links."""
    if silent or state.linkLevel or state.src[state.pos] != ":":
        return False
    scheme = WEB_SCHEME.search(state.pending[-6:])
    rest = WEB_REST.match(state.src, state.pos, state.posMax)
    if scheme is None or rest is None:
        return False
    written = scheme[0] + _without_tail(rest[0])
    address = state.md.normalizeLink(written)
    if not state.md.validateLink(address):
        return False
    state.pending = state.pending[: -len(scheme[0])]
    push_link(state, address, written)
    state.pos += len(written) - len(scheme[0])
    return True


def _without_tail(address: str) -> str:
    """Leave out punctuation that ends the sentence and a bracket that was opened before."""
    address = address.rstrip("?!.,:;*_~'")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip("?!.,:;*_~'")
    return address


def push_link(state: StateInline, address: str, text: str) -> None:
    """A link of these words to the address."""
    state.push("link_open", "a", 1).attrs = {"href": address}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


def push_image(state: StateInline, address: str, alt: str, title: str = "") -> None:
    """A picture with its description."""
    token = state.push("image", "img", 0)
    token.attrs = {"src": address, "alt": ""}
    if title:
        token.attrs["title"] = title
    token.content, token.children = alt, [Token("text", "", 0, content=alt)] if alt else []
