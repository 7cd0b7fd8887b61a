"""The files beside a guide, and which files of a folder are guides, questions and recordings."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portal.core.markdown.files import is_markdown

from .blocks import BadText

GUIDE, QUESTIONS = "guide", "questions"  # whatever the ending is
SKIPPED = ("node_modules",)
MOST_FILES = 2000


@dataclass(frozen=True)
class Beside:
    """What lies in the folder of one file; nothing outside it is read."""

    folder: Path

    def path(self, name: str, line: int) -> Path:
        """Where a file lies. Raises BadText if it is none, or none of this folder."""
        whole = self.folder / name
        root = self.folder.resolve()
        try:
            is_ours = whole.resolve().is_relative_to(root) and whole.is_file()
        except (OSError, ValueError, RuntimeError):  # the last: a link that leads to itself
            is_ours = False
        if not is_ours:
            raise BadText(f"There is no file {name} in its folder.", line)
        return whole

    def content(self, name: str, line: int, *, at_most: int) -> bytes:
        with self.path(name, line).open("rb") as file:
            content = file.read(at_most + 1)
        if len(content) > at_most:
            raise BadText(f"{name} is larger than {at_most // 1024} kB.", line)
        return content

    def digest(self, name: str, line: int) -> str:
        digest = sha256()
        with self.path(name, line).open("rb") as file:
            while part := file.read(1024 * 1024):
                digest.update(part)
        return digest.hexdigest()


@dataclass(frozen=True)
class Found:
    """Files of a folder by what they are, in the order of their paths."""

    root: Path
    guides: list[Path]
    questions: list[Path]
    recordings: list[Path]

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def found(place: Path) -> Found:
    """A folder, or one file. Without any guide.md each file of Markdown is a guide."""
    if place.is_file():
        paths, place = [place], place.parent
    else:
        paths = list(_files(place))
    questions = [path for path in paths if _is_questions(path)]
    texts = [path for path in paths if is_markdown(path) and path not in set(questions)]
    guides = [path for path in texts if path.stem == GUIDE] or _plain(texts)
    recordings = [path for path in paths if path.suffix == ".json"]
    return Found(place, guides, questions, recordings)


def _plain(texts: list[Path]) -> list[Path]:
    return [path for path in texts if not path.stem.endswith(".transcript")]


def _is_questions(path: Path) -> bool:
    is_there = path.parent.name == QUESTIONS or path.stem == QUESTIONS
    return is_markdown(path) and is_there


def _files(folder: Path) -> Iterator[Path]:
    count = 0
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in SKIPPED)
        for name in sorted(files):
            path = Path(where, name)
            if path.is_file() and not path.is_symlink():
                count += 1
                yield path
        if count > MOST_FILES:
            raise BadText(f"There are more than {MOST_FILES} files: name the folder of the guides.")
