"""`[[Page]]`, `[[Page#Section|words]]` and `![[picture.png]]` of wikis and Obsidian."""

import re

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline

from portal.core.markdown.headings import anchor_text
from portal.core.markdown.inline_rules import push_image, push_link

WIKILINK = re.compile(r"(!?)\[\[(?![ \[])([^\[\]|\n]{1,200})(?:\|([^\[\]|\n]{1,200}))?\]\](?!\])")
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)\Z", re.IGNORECASE)
PATH = re.compile(r"\S*(?:/\S*|\.md)(?:#.*)?")
SIZE = re.compile(r"[0-9]+(?:x[0-9]+)?")


def _wikilink(state: StateInline, silent: bool) -> bool:
    found = WIKILINK.match(state.src, state.pos, state.posMax)
    if found is None or state.linkLevel or _is_markdown(state, found):
        return False
    page, words = _parts(found[2].rstrip(), (found[3] or "").strip())
    address = state.md.normalizeLink(_address(page))
    if not page or page.endswith(" ") or not state.md.validateLink(address):
        return False
    if not silent:
        if found[1] and PICTURE.search(page):
            alt = "" if SIZE.fullmatch(words) else words
            push_image(state, address, alt or page.rpartition("/")[2])
        else:
            push_link(state, address, words or page.removeprefix("#"))
    state.pos = found.end()
    return True


def _is_markdown(state: StateInline, found: re.Match) -> bool:
    """Whether the inner brackets are a link of Markdown, or there are three of them."""
    before = state.src[found.start() - 1 : found.start()] if found.start() else ""
    label = normalizeReference(found[0].lstrip("!")[2:-2])
    return before == "[" or label in state.env.get("references", {})


def _parts(first: str, second: str) -> tuple[str, str]:
    """The page and the words. Wikis of Git hosts write the words first: seen by a path behind."""
    if second and PATH.fullmatch(second) and not PATH.fullmatch(first):
        return second, first
    return first, second


def _address(page: str) -> str:
    path, hash_, section = page.partition("#")
    return path + (f"#{anchor_text(section)}" if hash_ else "")


INLINE = {"[!": _wikilink}
