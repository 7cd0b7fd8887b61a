"""Where the files of a folder lie in the tree of the portal."""

from django.utils.text import slugify

from runbooks.documents.link_paths import documents_of
from runbooks.models import Section

from .tree import Tree, Unreadable


class Places:
    """Gives each file its path in the portal, always the same one.

    A tree of section folders keeps its paths. Any other keeps its shape below
    `<section>/<name>/`, so that relative links stay true and two trees never meet.
    """

    def __init__(self, tree: Tree, *, section: str = "", name: str = ""):
        self.tree = tree
        self.default_section = section or Section.RUNBOOKS.value
        self.name = slugify(name or tree.folder.name) or "files"
        self.top = "" if tree.is_by_section else f"{self.default_section}/{self.name}/"

    def place(self, path: str) -> str:
        return self.top + path

    def section(self, path: str) -> str:
        first = self.place(path).split("/")[0]
        return first if first in Section.values else self.default_section

    def targets(self, path: str, address: str) -> list[str]:
        """The paths in the folder that a link in a file may mean."""
        meant = documents_of(self.place(path), address)
        return [place.removeprefix(self.top) for place in meant if place.startswith(self.top)]


def checked_place(place) -> str:
    """The path that a block names. Raises Unreadable for one that leaves the tree."""
    parts = place.split("/") if isinstance(place, str) else [""]
    if not all(parts) or any(part.startswith(".") or "\x00" in part for part in parts):
        raise Unreadable("the path in its block portal: leads out of the tree")
    return place
