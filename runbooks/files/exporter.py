"""Writing the published runbooks and their images as a tree of files."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath

from django.db.models import Prefetch

from portal.core.media import files
from portal.core.web.outcomes import CREATED, REFUSED, UNCHANGED, UPDATED, Outcome
from runbooks.models import Image, Runbook, Section, Version

from . import block
from .fields import block_of

AT_ONCE = 200
SHOWN = "shown_versions"  # where the history of a runbook is prefetched
LEAVES = "a link on its path leaves the folder"
CHANGED = "the file was changed since the portal last read or wrote it: import it first"


class Export:
    """One writing of everything that is published. `run` yields what became of each file."""

    def __init__(self, folder: Path):
        self.folder = folder.resolve()
        self.paths = _paths()
        self.images = list(Image.objects.select_related("runbook").order_by("pk"))

    @property
    def count(self) -> int:
        return len(self.paths) + len(self.images)

    def run(self) -> Iterator[Outcome]:
        self.folder.mkdir(parents=True, exist_ok=True)
        for image in self.images:
            yield self._image(image)
        for runbook in _published().iterator(chunk_size=AT_ONCE):
            if runbook.pk in self.paths:
                yield self._runbook(runbook, self.paths[runbook.pk])

    def _runbook(self, runbook: Runbook, path: str) -> Outcome:
        values = block_of(runbook, path, vars(runbook)[SHOWN])
        content = block.join(runbook.published.text, values).encode()
        there = self._there(path)
        if there is not None and there != content and not _is_known(runbook, there):
            return Outcome(path, REFUSED, CHANGED)
        outcome = self._write(path, content, there)
        if outcome.state != REFUSED and runbook.source_hash != runbook.published.hash:
            Runbook.objects.filter(pk=runbook.pk).update(source_hash=runbook.published.hash)
        return outcome

    def _image(self, image: Image) -> Outcome:
        path = image.source_path or f"{_section(image)}/images/{image.name}"
        try:
            with image.open() as file:
                content = file.read()
        except OSError as error:
            return Outcome(path, REFUSED, f"its file is missing: {error}")
        there = self._there(path)
        if there not in (None, content):
            return Outcome(path, REFUSED, CHANGED)
        return self._write(path, content, there)

    def _there(self, path: str) -> bytes | None:
        file = self.folder / path
        return file.read_bytes() if self._is_inside(path) and file.is_file() else None

    def _is_inside(self, path: str) -> bool:
        return (self.folder / path).resolve().is_relative_to(self.folder)

    def _write(self, path: str, content: bytes, there: bytes | None) -> Outcome:
        if there == content:
            return Outcome(path, UNCHANGED)
        if not self._is_inside(path):
            return Outcome(path, REFUSED, LEAVES)
        try:
            files.write(self.folder / path, content)
        except OSError as error:
            return Outcome(path, REFUSED, str(error))
        return Outcome(path, CREATED if there is None else UPDATED)


def _published():
    shown = Version.objects.filter(published_at__isnull=False).order_by("number")
    notes = shown.only("runbook_id", "number", "published_at", "author_name", "note")
    rows = Runbook.objects.published().order_by("source_path")
    return (
        rows.select_related("published", "owner", "merged_into")
        .defer("published__html", "published__plain", "published__steps", "published__toc")
        .prefetch_related(
            "services",
            "alerts",
            "addresses",
            Prefetch("versions", queryset=notes, to_attr=SHOWN),
        )
    )


def _paths() -> dict[int, str]:
    """The path of each published runbook; one that changed its section moves to its new folder."""
    rows = Runbook.objects.published().order_by("source_path")
    found = [(pk, place, _moved(place, section)) for pk, place, section in _places(rows)]
    paths = {pk: path for pk, place, path in found if place == path}
    taken = set(paths.values())
    for pk, place, path in found:
        if place != path:
            paths[pk] = _free(path, taken)
            taken.add(paths[pk])
    return paths


def _places(rows):
    return rows.values_list("pk", "source_path", "section")


def _moved(place: str, section: str) -> str:
    first, _, rest = place.partition("/")
    return f"{section}/{rest if first in Section.values else place}"


def _free(path: str, taken: set[str]) -> str:
    place, number = PurePosixPath(path), 2
    while path in taken:
        path = str(place.with_name(f"{place.stem}-{number}{place.suffix}"))
        number += 1
    return path


def _section(image: Image) -> str:
    return image.runbook.section if image.runbook else Section.RUNBOOKS.value


def _is_known(runbook: Runbook, content: bytes) -> bool:
    """Whether the portal has or had the text of a file that it is about to replace."""
    try:
        text, _ = block.strip(content.decode())
    except ValueError:
        return False
    digest = sha256(text.encode()).hexdigest()
    return digest == runbook.source_hash or runbook.versions.filter(hash=digest).exists()
