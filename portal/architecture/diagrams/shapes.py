"""What a picture consists of, before anybody decides how it is drawn."""

from dataclasses import dataclass, field

STORES = frozenset({"database", "storage", "cache"})  # drawn as cylinders


@dataclass(frozen=True)
class Node:
    """A thing: `kind` decides its shape, `note` is its second line."""

    key: str
    label: str
    kind: str = "other"
    note: str = ""
    url: str = ""
    group: str = ""


@dataclass(frozen=True)
class Group:
    """A frame around nodes."""

    key: str
    label: str


@dataclass(frozen=True)
class Arrow:
    """From one node to another; `look` is plain, soft, or a classification."""

    source: str
    target: str
    label: str = ""
    look: str = "plain"


@dataclass
class Drawing:
    """A picture in words: everything that text, SVG, page and API show of it."""

    title: str
    description: str
    nodes: list[Node] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
