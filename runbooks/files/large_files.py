"""Splitting the files of a tree that are too large for one runbook, where that is asked for."""

from portal.core.markdown.document import SOURCE_LIMIT

from . import block
from .parts import parts_of
from .tree import Tree, Unreadable

LARGEST = 32 * SOURCE_LIMIT


def split_large(tree: Tree) -> None:
    """Let the tree have an index and parts in place of each; what cannot be split stays."""
    tree.is_split = True
    for path in list(tree.documents):
        tree.parts |= _parts(tree, path)
    tree.documents = sorted({*tree.documents, *tree.parts})


def _parts(tree: Tree, path: str) -> dict[str, bytes]:
    try:
        if (tree.folder / path).stat().st_size <= SOURCE_LIMIT:
            return {}
        text, values = block.strip(tree.content(path, at_most=LARGEST).decode())
    except (Unreadable, ValueError, OSError):
        return {}  # told when it is read
    if values is not None or len(text.encode()) <= SOURCE_LIMIT or "\x00" in text:
        return {}
    taken = {*tree.documents, *tree.parts}
    return {name: part.encode() for name, part in parts_of(path, text, taken).items()}
