"""Guides and questions as folders. Writing the same again writes the same bytes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path

from django.utils.text import slugify

from onboarding.models import Guide, Question
from portal.core.media import files
from portal.core.web.outcomes import CREATED, REFUSED, UNCHANGED, UPDATED, Outcome

from . import owners, questions
from .blocks import one_line
from .document import GuideText, Picture, StepText, normal, write
from .folder import GUIDE

Files = dict[str, Callable[[], bytes]]
WORDS = {"captions": "vtt", "chapters": "vtt", "transcript": "md"}


def text_of(guide) -> tuple[GuideText, Files, dict[str, str]]:
    """A guide as its file says it, the files beside it, and their hashes."""
    writer = _Writer()
    rows = guide.steps.select_related("screenshot", "video__poster")
    steps = [writer.step(step) for step in rows]
    return GuideText(_about(guide), steps), writer.files, writer.hashes


def _about(guide) -> dict:
    about = {
        "title": one_line(guide.title),
        "slug": guide.slug,
        "purpose": one_line(guide.purpose),
        "audience": one_line(guide.audience),
        "roles": guide.roles,
        "minutes": guide.minutes,
        "prerequisites": sorted(each.slug for each in guide.prerequisites.all()),
        **owners.said(guide.owner),
        "position": guide.position,
        "tour": guide.is_tour,
        "acknowledgement": guide.asks_acknowledgement,
    }
    return {name: value for name, value in about.items() if value}


class _Writer:
    """Gives each file of a guide a name of its own."""

    def __init__(self):
        self.files: Files = {}
        self.hashes: dict[str, str] = {}

    def step(self, step) -> StepText:
        name = slugify(step.title)[:60] or "step"
        shot = step.screenshot
        return StepText(
            title=one_line(step.title),
            key=str(step.key),
            text=normal(step.text),
            control=one_line(step.control),
            result=one_line(step.result),
            picture=self._picture(name, shot) if shot else None,
            callouts=step.callouts,
            blurred=shot.blurred if shot else [],
            page=step.page,
            video=self._video(name, step.video) if step.video else {},
        )

    def _picture(self, name: str, shot) -> Picture:
        taken = shot.taken_at.isoformat() if shot.taken_at else ""
        return Picture(self._file(name, shot), one_line(shot.alt), taken)

    def _file(self, name: str, row) -> str:
        return self._add(name, row.name.rpartition(".")[2], lambda: _content(row), row.sha256)

    def _add(self, name: str, ending: str, read: Callable[[], bytes], digest: str) -> str:
        names = (f"{name}.{ending}" if n == 1 else f"{name}-{n}.{ending}" for n in count(1))
        free = next(each for each in names if each not in self.files)
        self.files[free], self.hashes[free] = read, digest
        return free

    def _video(self, name: str, video) -> dict:
        values = {"title": video.title}
        if video.address:
            values["address"] = video.address
        else:
            values["file"] = self._file(name, video)
        for member, ending in WORDS.items():
            content = getattr(video, member).encode()
            if content:
                values[member] = self._add(
                    f"{name}.{member}", ending, partial(bytes, content), sha256(content).hexdigest()
                )
        if video.poster:
            values["poster"] = self._file(f"{name}.poster", video.poster)
            values["poster_alt"] = video.poster.alt
        return values


def _content(row) -> bytes:
    with row.open() as file:
        return file.read()


def digest(text: GuideText, hashes: dict[str, str]) -> str:
    """One hash for a guide and all its files, the same for a folder and for the portal."""
    text = replace(text, about=owners.without_name(text.about))
    said = json.dumps([write(text), sorted(hashes.items())])
    return sha256(said.encode()).hexdigest()


class Export:
    """One writing of all guides that are not archived, and of all questions; or of named guides."""

    def __init__(self, folder: Path, *, printed=None, slugs=()):
        self.folder, self.printed = folder, printed
        rows = Guide.objects.filter(slug__in=slugs) if slugs else Guide.objects.current()
        rows = rows.select_related("owner", "published")
        self.guides = list(rows.prefetch_related("prerequisites"))
        topics = set() if slugs else set(Question.objects.values_list("topic", flat=True))
        self.topics = sorted(topics)

    @property
    def count(self) -> int:
        return len(self.guides) + len(self.topics)

    def run(self) -> Iterator[Outcome]:
        for guide in self.guides:
            yield from self._guide(guide)
        for name, text in questions.files_of(self.topics):
            yield self._write(f"questions/{name}", text.encode())

    def _guide(self, guide) -> Iterator[Outcome]:
        text, files, _ = text_of(guide)
        yield self._write(f"{guide.slug}/{GUIDE}.md", write(text).encode())
        for name, read in files.items():
            yield self._write(f"{guide.slug}/{name}", read())
        if self.printed and guide.published:
            yield self._write(f"{guide.slug}/guide.pdf", self.printed(guide.published))

    def _write(self, name: str, content: bytes) -> Outcome:
        path = self.folder / name
        is_there = path.exists()
        if is_there and path.read_bytes() == content:
            return Outcome(name, UNCHANGED)
        try:
            files.write(path, content)
        except OSError as error:
            return Outcome(name, REFUSED, str(error))
        return Outcome(name, UPDATED if is_there else CREATED)
