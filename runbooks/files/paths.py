"""Where the files of a folder lie in the tree of the portal."""

from posixpath import dirname, join, normpath

from django.utils.text import slugify

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
        """The paths in the folder that a link in a file may mean; an absolute one has many."""
        if not address.startswith("/"):
            return [normpath(join(dirname(path), address))]
        folders = dirname(path).split("/")
        tops = ["/".join(folders[:count]) for count in range(len(folders) + 1)]
        return [normpath(join(top, address.lstrip("/"))) for top in tops]


def checked_place(place) -> str:
    """The path that a block names. Raises Unreadable for one that leaves the tree."""
    parts = place.split("/") if isinstance(place, str) else [""]
    if not all(parts) or any(part.startswith(".") or "\x00" in part for part in parts):
        raise Unreadable("the path in its block portal: leads out of the tree")
    return place
