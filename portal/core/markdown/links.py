"""Links and images: listed as written, pointed to where they lead on the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.token import Token

from portal.core.markdown import words
from portal.core.markdown.headings import PREFIX, Outline
from portal.core.markdown.link_marks import Pending, Target
from portal.core.markdown.parser import SCHEME, is_allowed

Resolve = Callable[[str], str | None]


@dataclass
class Links:
    """What `follow` found; lines count from the start of the source."""

    found: list[dict] = field(default_factory=list)
    problems: list[dict] = field(default_factory=list)


def follow(
    tokens: list[Token], outline: Outline, resolve: Resolve | Pending | None, line: int
) -> Links:
    """List every link and image, and set where it leads. `line` is that of the first token line.

    `resolve` is asked for the path of a relative target, without its anchor; the anchor of the
    answer is set here, since headings of every page have the same prefix.
    """
    links, guide = Links(), Guide(outline, resolve)
    for children, position, number in _with_lines(tokens, line):
        token = children[position]
        if token.type == "link_open":
            _follow_link(token, _inside(children, position), number, links, guide)
        elif token.type == "image":
            _follow_image(token, number, links, guide)
    return links


def _with_lines(tokens: list[Token], line: int) -> Iterator[tuple[list[Token], int, int]]:
    """Every token of a line of text, as its list and position, with the number of the line."""
    number = line
    for block in tokens:
        number = block.map[0] + line if block.map else number
        children = block.children or []
        for position, child in enumerate(children):
            yield children, position, number
            number += child.type in ("softbreak", "hardbreak") and not child.meta.get("is_html")


def _inside(children: list[Token], position: int) -> list[Token]:
    """What stands between the link that opens at the position and its end."""
    end = position + 1
    while end < len(children) and children[end].type != "link_close":
        end += 1
    return children[position + 1 : end]


def _follow_link(
    token: Token, inside: list[Token], line: int, links: Links, guide: "Guide"
) -> None:
    way = guide.lead(token.attrs["href"])
    _add(links, way, words.of_inline(inside), line, image=False)
    if not way.is_known:
        detail = f"There is no heading #{words.shortened(way.anchor, 100)} in this text."
        links.problems.append({"code": "missing-anchor", "line": line, "detail": detail})
    token.attrs["href"] = way.address
    if is_external(way.address):
        token.attrs["rel"] = "noopener noreferrer"


def _follow_image(token: Token, line: int, links: Links, guide: "Guide") -> None:
    way = guide.lead(token.attrs["src"])
    text = words.of_inline(token.children)
    _add(links, way, text, line, image=True)
    if not text:
        detail = f"The image {words.shortened(way.target, 100)} has no description."
        links.problems.append({"code": "missing-alt", "line": line, "detail": detail})
    token.attrs["src"] = way.address


def _add(links: Links, way: "Way", text: str, line: int, *, image: bool) -> None:
    entry = {"target": way.target, "anchor": way.anchor, "text": text, "line": line}
    links.found.append(entry | {"image": image})


def is_external(address: str) -> bool:
    """Whether an address leaves this site."""
    return address.startswith("//") or SCHEME.match(address) is not None


def address_of(target: Target, resolve: Resolve) -> str:
    """Where a relative link leads; as it was written if nothing of ours is there."""
    address = resolve(target.path)
    if address is None or not is_allowed(address):
        return target.written
    return f"{address}#{PREFIX}{target.anchor}" if target.anchor else address


class Way(NamedTuple):
    """A target and an anchor as written, and the address that they stand for."""

    target: str
    anchor: str
    address: str
    is_known: bool = True


class Guide:
    """Knows where targets lead; a target used a thousand times is looked at once."""

    def __init__(self, outline: Outline, resolve: Resolve | Pending | None) -> None:
        self.outline = outline
        self.resolve = resolve
        self.lead = cache(self._lead)

    def _lead(self, written: str) -> Way:
        target, _, anchor = written.partition("#")
        if is_external(written) or not written:
            return Way(target, anchor, written)
        target, anchor = unquote(target), unquote(anchor)
        return self._page(target, anchor, written) if target else self._heading(anchor)

    def _page(self, path: str, anchor: str, written: str) -> Way:
        target = Target(path, anchor, written)
        if isinstance(self.resolve, Pending):
            return Way(path, anchor, self.resolve.mark(target))
        return Way(path, anchor, address_of(target, self.resolve) if self.resolve else written)

    def _heading(self, anchor: str) -> Way:
        address = "#" if anchor in ("", "top") else self.outline.address(anchor)
        return Way("", anchor, address or f"#{PREFIX}{anchor}", address is not None)
