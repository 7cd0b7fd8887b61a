"""The documents in a folder of YAML files: ours, and entities of Backstage.

Folders of code have much more YAML. What is not ours is passed over with a warning, also where it
cannot be read: settings of other tools name objects of programs, use anchors, or are templates.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from portal.core.data import yaml

from . import backstage, teams
from .store import NOUNS, Noun

ENDINGS = (".yaml", ".yml")
MOST_FILES = 10_000
SKIPPED = ("node_modules",)
ENTITY = re.compile(rb"^apiVersion:[ \t]*[\"']?backstage\.io/", re.MULTILINE)
TEMPLATE = re.compile(rb"\{\{|\{%")


@dataclass(frozen=True)
class Found:
    """A document of a file, and where its members stand."""

    noun: Noun
    slug: str
    document: dict
    place: str
    lines: dict[str, int]
    is_backstage: bool = False

    def at(self, pointer: str) -> str:
        """`file:line` of a member, or of the nearest around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return f"{self.place}:{self.lines.get(pointer, 1)}"


@dataclass
class Read:
    """What stands in a folder; `teams` are {slug: name}."""

    found: list[Found] = field(default_factory=list)
    teams: dict[str, str] = field(default_factory=dict)
    entities: list[backstage.Entity] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def found_in(folder: Path) -> Read:
    """Everything that can be read, zones first; what cannot is told of."""
    read, root = Read(), folder.resolve()
    paths = list(_paths(root))
    if len(paths) > MOST_FILES:
        read.errors.append(f"{folder}: more than {MOST_FILES} files.")
        return read
    order = list(NOUNS)
    paths.sort(key=lambda path: order.index(path.parent.name) if path.parent.name in order else 9)
    for path in paths:
        place = path.relative_to(root).as_posix()
        if not path.is_file() or not path.resolve().is_relative_to(root):
            read.errors.append(f"{place}:1: It is no file, or leads out of the folder.")
        else:
            _take(path, place, read)
    made = backstage.converted(read.entities, read.teams, read.warnings, read.errors)
    services = NOUNS["services"]
    read.found += [Found(services, d["slug"], d, e.place, e.lines, True) for e, d in made]
    return read


def _paths(root: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(root):
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in SKIPPED)
        yield from (Path(where, name) for name in sorted(files) if name.endswith(ENDINGS))


def _take(path: Path, place: str, read: Read) -> None:
    """Read one file. What is wrong is an error in a file of ours, and a warning in others."""
    with path.open("rb") as file:
        content = file.read(yaml.LARGEST + 1)
    is_entity = bool(ENTITY.search(content)) and not TEMPLATE.search(content)
    is_ours = path.parent.name in (*NOUNS, teams.FOLDER)
    try:
        for document, lines in yaml.documents(content):
            if document is not None:  # a file may end in ---
                _sort(path, place, document, lines, read)
    except yaml.BadYaml as error:
        if is_entity or is_ours:
            read.errors.append(f"{place}:{error.line}: {error.detail}")
        else:
            told = "it is a template" if TEMPLATE.search(content) else error.detail.rstrip(".")
            read.warnings.append(f"{place}:{error.line}: passed over: {told}.")


def _sort(path: Path, place: str, document, lines: dict[str, int], read: Read) -> None:
    """Put one document where it belongs. Raises BadYaml for one of ours that is none."""
    folder, line = path.parent.name, lines.get("", 1)
    is_named = isinstance(document, dict)
    if is_named and backstage.is_entity(document):
        read.entities.append(backstage.Entity(document, place, lines))
    elif folder not in (*NOUNS, teams.FOLDER) or (is_named and "name" not in document):
        read.warnings.append(f"{place}:{line}: passed over: it is not of this catalog.")
    elif not is_named:
        raise yaml.BadYaml("A list of members is expected, such as “name: Web”.", line)
    elif folder == teams.FOLDER:
        read.teams[_slug(path.stem)[:60]] = str(document.get("name") or "")[:120]
    else:
        read.found.append(Found(NOUNS[folder], _slug(path.stem), document, place, lines))


def _slug(stem: str) -> str:
    try:
        validate_slug(stem)
    except ValidationError as error:
        raise yaml.BadYaml("The name of the file is the slug: letters, digits, - and _.") from error
    return stem
