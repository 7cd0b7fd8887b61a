"""Headings: the title, levels without jumps, and anchors.

The page prints the title as its h1, hence headings of the text start at h2. An author writes
`#mitigation`; the id on the page is `h-mitigation`, so that it meets no id of the page itself.
"""

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from portal.core.markdown import words

PREFIX = "h-"
LONGEST_ANCHOR = 100
DEEPEST = 6
NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
NOT_A_LETTER = re.compile(r"[\W_]")


@dataclass
class Outline:
    """The headings of a text; `addresses` leads from an author's anchor to one on the page."""

    title: str = ""
    toc: list[dict] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    anchors: list[str] = field(default_factory=list)

    def address(self, anchor: str) -> str | None:
        """Where `#anchor` leads on the page, also when written in the manner of MkDocs."""
        return self.addresses.get(anchor) or self.addresses.get(_loose(anchor))


def arrange(tokens: list[Token], front_title: str) -> tuple[list[Token], Outline]:
    """Return the tokens without the title's own heading, and the outline of the rest."""
    outline = Outline(title=front_title)
    names = _Names()
    start = _title_position(tokens, front_title)
    if start is not None:
        heading = tokens[start + 1]
        outline.title = front_title or words.of_inline(heading.children)
        outline.addresses[names.unused(anchor_of(heading))] = "#"
        tokens = tokens[:start] + tokens[start + 3 :]
    elif tokens and tokens[0].tag == "h1":
        # a second title: shown, but the sections below it are not its parts
        tokens[0].tag = "h2"
    _enter_headings(tokens, outline, names)
    outline.title = outline.title or _first_title(tokens)
    return tokens, outline


def _title_position(tokens: list[Token], front_title: str) -> int | None:
    """Where the level one heading stands that only repeats what the page prints as its title."""
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            heading = tokens[position + 1]
            same = _letters(words.of_inline(heading.children)) == _letters(front_title)
            is_title = same if front_title else position == 0
            return position if is_title and words.are_plain(heading.children) else None
    return None


def _letters(text: str) -> str:
    return NOT_A_LETTER.sub("", text).casefold()


def _first_title(tokens: list[Token]) -> str:
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.markup in ("#", "="):
            return words.of_inline(tokens[position + 1].children)
    return ""


def _enter_headings(tokens: list[Token], outline: Outline, names: "_Names") -> None:
    above: list[int] = []
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            heading, closing = tokens[position + 1], tokens[position + 2]
            token.tag = closing.tag = f"h{_level(int(token.tag[1]), above)}"
            _enter(token, heading, outline, names)


def _level(written: int, above: list[int]) -> int:
    """One deeper than the nearest heading above that was written with a smaller number."""
    while above and above[-1] >= written:
        above.pop()
    above.append(written)
    return min(1 + len(above), DEEPEST)


def _enter(token: Token, heading: Token, outline: Outline, names: "_Names") -> None:
    anchor = names.unused(anchor_of(heading))
    token.meta["anchor"] = PREFIX + anchor
    token.meta["is_link"] = not any(
        child.type in ("link_open", "footnote_ref") for child in heading.children or []
    )
    outline.anchors.append(anchor)
    outline.addresses.setdefault(_loose(anchor), f"#{PREFIX}{anchor}")
    outline.addresses[anchor] = f"#{PREFIX}{anchor}"
    entry = {"id": PREFIX + anchor, "title": words.of_inline(heading.children)}
    outline.toc.append({"level": int(token.tag[1]), **entry})


def anchor_of(heading: Token) -> str:
    """The anchor that GitHub would give, or the one written as `{#own-anchor}`."""
    return heading.meta.get("identifier") or anchor_text(words.of_inline(heading.children))


def anchor_text(text: str) -> str:
    """The anchor that GitHub gives to a heading of these words."""
    return NOT_IN_ANCHOR.sub("", text.lower()).replace(" ", "-")[:LONGEST_ANCHOR] or "section"


def _loose(anchor: str) -> str:
    return re.sub("-+", "-", anchor.lower()).strip("-")


class _Names:
    """Anchors given so far; the second of a kind gets `-1`, as on GitHub."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.next: dict[str, int] = {}

    def unused(self, anchor: str) -> str:
        name = anchor
        while name in self.taken:
            self.next[anchor] = self.next.get(anchor, 0) + 1
            name = f"{anchor}-{self.next[anchor]}"
        self.taken.add(name)
        return name
