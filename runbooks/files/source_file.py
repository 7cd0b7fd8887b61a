"""One document of a tree, before and after it is known to the portal."""

from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter

from portal.core.markdown import Pending, Rendered, render
from portal.core.markdown.document import SOURCE_LIMIT

from . import block
from .facts import Facts, facts_of
from .paths import Places, checked_place
from .tree import IMAGES, Tree, Unreadable

WHOLE = "it cannot be split: it has no second-level heading, more than 1,000, or a portal: block"
ALONE = "this section alone is; give it second-level headings of its own"
SPLIT = "split it on import (--split): each second-level heading becomes a runbook"
BLOCK_LIMIT = 1024 * 1024  # a long history may outgrow the text that it belongs to


@dataclass
class Document:
    """A file that can be read. The text is read anew when it is needed: there may be many."""

    path: str
    place: str
    section: str
    hash: str
    block: dict
    facts: Facts | None = None
    pictures: dict[str, str] = field(default_factory=dict)
    runbook_id: int = 0  # until it is known or made
    notes: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, tree: Tree, places: Places, path: str) -> "Document":
        """Raises Unreadable or BadBlock, with why it is not taken."""
        text, values = read_text(tree, path)
        place = checked_place(values["path"]) if "path" in values else places.place(path)
        digest = sha256(text.encode()).hexdigest()
        return cls(path, place, places.section(path), digest, values)

    def learn(self, text: str, navigation: dict[str, str]) -> Rendered:
        """Find the facts and the images in the text; what it renders to, with Pending links.

        Raises MarkdownError.
        """
        rendered = render(text, resolve=Pending())
        self.facts = facts_of(self.path, rendered, navigation)
        self.notes += self.facts.notes
        self.pictures = _pictures(rendered.links)
        return rendered


def _pictures(links: list[dict]) -> dict[str, str]:
    """{target: description} of the images that are shown, and of those that links lead to."""
    linked = [link for link in links if link["target"].lower().endswith(IMAGES)]
    shown_last = sorted(linked + [link for link in links if link["image"]], key=itemgetter("image"))
    return {link["target"]: link["text"] for link in shown_last}


def read_text(tree: Tree, path: str) -> tuple[str, dict]:
    """The author's text and the values of the block. Raises Unreadable or BadBlock."""
    content = tree.content(path, at_most=SOURCE_LIMIT + BLOCK_LIMIT)
    try:
        text, values = block.strip(content.decode())
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"not UTF-8: byte 0x{content[error.start]:02x} in line {line}") from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise Unreadable(f"it has a NUL character in line {line}")
    if len(text.encode()) > SOURCE_LIMIT:
        advice = ALONE if path in tree.parts else WHOLE if tree.is_split else SPLIT
        raise Unreadable(f"larger than {SOURCE_LIMIT // 1024} kB: {advice}")
    return text, values or {}
