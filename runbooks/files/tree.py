"""A folder of documents and images as it lies on the disk."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from os.path import normpath, realpath
from pathlib import Path, PurePosixPath

from portal.core.data.yaml import load_loosely
from portal.core.markdown.files import ENDINGS
from runbooks.models import Section

from .left_out import NAVIGATION, NO_DOCUMENT, skipped

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
SKIPPED_FOLDERS = ("node_modules",)
GUIDES = [f"*/guide{ending}" for ending in ENDINGS]
LONGEST_PATH = 440  # leaves room for the section and the name of the tree in front


class Unreadable(ValueError):
    """A file that is not taken; the message says why."""


@dataclass
class Tree:
    """What a folder holds: paths relative to it, with slashes, sorted; and what is not taken.

    `refused` and `skipped` say why: of something wrong, and of files that are no documents;
    `failed` does of documents and images that turned out to be wrong when they were read.
    """

    folder: Path
    documents: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)  # of files that were split
    is_split: bool = False  # whether what is too large was to be split

    @classmethod
    def top(cls, folder: Path) -> Path:
        """Where the files begin: archives often have one folder around all others."""
        inside = list(folder.iterdir())
        only = inside[0] if len(inside) == 1 and inside[0].is_dir() else None
        is_around = only and only.name not in Section.values and not only.name.startswith(".")
        return cls.top(only) if only and is_around else folder

    @classmethod
    def read(cls, folder: Path) -> "Tree":
        tree, others = cls(folder.resolve()), []
        for where, folders, files in os.walk(tree.folder):
            here = Path(where).relative_to(tree.folder)
            folders[:] = sorted(name for name in folders if tree._enters(here / name))
            others += [here / name for name in sorted(files) if not tree._take(here / name)]
        tree.skipped = skipped(others, [*tree.documents, *tree.images])
        return tree

    def _enters(self, path: Path) -> bool:
        if self._is_of_guides(path):
            return False
        why = self._objection(path)
        if why:
            self.refused[path.as_posix()] = why
        return not why

    def _objection(self, path: Path) -> str:
        if path.name.startswith("."):
            return "a hidden folder"
        if path.name in SKIPPED_FOLDERS:
            return "a folder of packages"
        return "a link to a folder" if (self.folder / path).is_symlink() else ""

    def _is_of_guides(self, path: Path) -> bool:
        """The folder of guides, or of the questions beside it: `import_guides` reads them."""
        guides = (self.folder / path).with_name("guides")
        return path.name in ("guides", "questions") and any(
            any(guides.glob(pattern)) for pattern in GUIDES
        )

    def _take(self, path: Path) -> bool:
        """Whether a file is of a kind that is taken; it may be refused all the same."""
        kinds = {ENDINGS: self.documents, IMAGES: self.images}
        taken = next((kinds[ends] for ends in kinds if path.suffix.lower() in ends), None)
        if taken is None:
            return False
        if why := self._objection_to_file(path):
            self.refused[path.as_posix()] = why
        else:
            taken.append(path.as_posix())
        return True

    def _objection_to_file(self, path: Path) -> str:
        whole = self.folder / path
        if not self._is_inside(whole):
            return "a link that leaves the folder"
        if not whole.is_file():
            return "not a file, or a link to none"
        if len(path.as_posix()) > LONGEST_PATH:
            return f"its path is longer than {LONGEST_PATH} characters"
        return "" if _is_text(path.as_posix()) else "its name is not UTF-8"

    def content(self, path: str, *, at_most: int) -> bytes:
        """The bytes of a file. Raises Unreadable above the limit."""
        content = self.parts.get(path)
        if content is None:
            with (self.folder / path).open("rb") as file:
                content = file.read(at_most + 1)
        if len(content) > at_most:
            raise Unreadable(f"larger than {at_most // 1024} kB")
        return content

    def has(self, path: str) -> bool:
        """Whether something of any kind lies at a path, also of what is not taken.

        A path that leaves the folder or that no disk can have is not there.
        """
        return path in self.parts or path in self.refused or self._is(Path.exists, path)

    def _is(self, kind: Callable[[Path], bool], path: str) -> bool:
        whole = self.folder / normpath(path)
        try:
            return self._is_inside(whole) and kind(whole)
        except (OSError, ValueError):
            return False

    def _is_inside(self, whole: Path) -> bool:
        """Where its links lead, too; a link that leads to itself is where it lies."""
        return Path(realpath(whole)).is_relative_to(self.folder)

    def why_not(self, path: str) -> str:
        """Why something at this path is not taken; "" if nothing is there, or it is taken."""
        said = self.refused | self.skipped | self.failed
        if not self.has(path) or (path in self.documents and path not in said):
            return ""
        around = (path, *(str(parent) for parent in PurePosixPath(path).parents))
        usual = "a folder without an index" if self._is(Path.is_dir, path) else NO_DOCUMENT
        return next((said[each] for each in around if each in said), usual)

    @property
    def is_by_section(self) -> bool:
        """Whether it has the shape of an export: the section folders, and at most loose files."""
        tops = {path.split("/")[0] for path in self.documents if "/" in path}
        return bool(tops) and tops <= set(Section.values)

    def titles(self) -> dict[str, str]:
        """The titles that the navigation of MkDocs gives to paths."""
        try:
            content = self.content(NAVIGATION, at_most=256 * 1024)
            values = load_loosely(content)
            root = str(values.get("docs_dir") or "docs")
            return {f"{root}/{path}": title for path, title in _navigation(values.get("nav"))}
        except Exception:  # whatever is wrong with it, the documents can do without
            return {}


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in path


def _navigation(entries):
    """(path, title) for every named page, however deep."""
    for entry in entries if isinstance(entries, list) else ():
        for title, inside in entry.items() if isinstance(entry, dict) else ():
            if isinstance(inside, str):
                yield inside, str(title)
            else:
                yield from _navigation(inside)
