"""Reading a folder of guides and questions into the portal.

Each guide is a transaction of its own: one that cannot be taken stops no other, but a full disk or
a database that is away stops all. A guide that changed here and in its folder is refused, unless
the folder is said to be right.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from onboarding.models import Guide, Question, Step
from onboarding.problems import StaleQuestion
from portal.core.data.outages import outage_of, stop_at_outage
from portal.core.markdown import MarkdownError, render
from portal.core.media.uploads import UploadRefused
from portal.core.problems import DomainError
from portal.core.web.outcomes import CREATED, REFUSED, UNCHANGED, UPDATED, Outcome
from portal.search import index

from . import document, questions, recorder
from . import fields as about
from .blocks import BadText
from .exporter import WORDS, digest, text_of
from .folder import GUIDE, Beside, found
from .media import Keeper
from .owners import team_of

log = logging.getLogger(__name__)
LARGEST = document.LARGEST
BOTH = (
    "it was changed in the portal and in its folder. Export it to see what the portal has, or "
    "take the folder with --force."
)
EXPECTED = (MarkdownError, DomainError, UploadRefused, ValidationError, OSError)


class Import:
    """One reading of one folder. `run` yields what became of each file.

    `makes_teams` makes the owners that an export names and nobody has.
    """

    def __init__(
        self,
        folder: Path,
        *,
        by=None,
        at,
        dry_run=False,
        publish=False,
        force=False,
        makes_teams=True,
    ):
        self.found = found(folder)
        self.by, self.at, self.dry_run = by, at, dry_run
        self.publish, self.force, self.makes_teams = publish, force, makes_teams
        self.keepers: list[Keeper] = []
        self.taken: list[tuple[str, Guide, document.GuideText, str]] = []
        self.asked: Counter[str] = Counter()  # questions by topic, which may have several files

    @property
    def count(self) -> int:
        found = self.found
        return len(found.guides) + len(found.recordings) + len(found.questions)

    def run(self) -> Iterator[Outcome]:
        """Read everything. In a dry run all is done but nothing stays."""
        with transaction.atomic() if self.dry_run else nullcontext():
            outcomes = list(self._all())
            if self.dry_run:
                transaction.set_rollback(True)
        if self.dry_run:
            for keeper in self.keepers:
                keeper.undo()
        yield from outcomes

    def _all(self) -> Iterator[Outcome]:
        for path in self.found.guides:
            yield from self._trying(path, self._guide)
        for path in self.found.recordings:
            yield from self._trying(path, self._recording)
        for each in self.taken:
            yield from self._finished(*each)
        for path in self.found.questions:
            yield from self._trying(path, self._questions)

    def _trying(self, path: Path, read) -> Iterator[Outcome]:
        """A transaction for one file; what is wrong with it becomes its line. Raises an outage."""
        name = self.found.name(path)
        known = len(self.keepers)
        try:
            with transaction.atomic(), index.together():
                outcomes = list(read(path, name))
        except Exception as error:
            for keeper in self.keepers[known:]:
                keeper.undo()
            stop_at_outage(error)
            yield _refused(name, error)
        else:
            yield from outcomes

    # Guides

    def _guide(self, path: Path, name: str) -> Iterator[Outcome]:
        text = document.read(_content(path))
        stem = path.parent.name if path.stem == GUIDE else path.stem
        yield self._take(text, stem, Beside(path.parent), name)

    def _recording(self, path: Path, name: str) -> Iterator[Outcome]:
        text = recorder.read(_content(path))
        yield self._take(text, path.stem, Beside(path.parent), name)

    def _take(self, text: document.GuideText, stem: str, beside: Beside, name: str) -> Outcome:
        fields = about.fields_of(text, stem)
        file = digest(text, _hashes(text, beside))
        guide = Guide.objects.filter(slug=fields["slug"]).first()
        if guide and (guide.source_hash == file or file == _state(guide)):
            return Outcome(name, UNCHANGED)
        if guide and not self.force and _state(guide) != guide.source_state:
            return Outcome(name, REFUSED, BOTH)
        state = UPDATED if guide else CREATED
        try:
            fields["owner"] = team_of(text.about, makes=self.makes_teams)
            guide = self._described(guide, fields)
        except ValidationError as error:
            line = about.line_of(text, getattr(error, "message_dict", ()))
            raise BadText(_told(error), line) from error
        keeper = Keeper(guide, beside, by=self.by)
        self.keepers.append(keeper)
        self._steps(guide, text, keeper)
        self.taken.append((name, guide, text, file))
        return Outcome(name, state, "; ".join([*about.notes_of(text.about), *text.notes]))

    def _described(self, guide, fields: dict) -> Guide:
        if guide is None:
            return Guide.objects.start(by=self.by, at=self.at, **fields)
        guide.describe(by=self.by, **fields)
        return guide

    def _steps(self, guide, text: document.GuideText, keeper: Keeper) -> None:
        now = {str(step.key): step for step in guide.steps.select_related("screenshot", "video")}
        keys = _keys(guide, text, now)
        for gone in set(now) - set(keys):
            now[gone].remove(by=self.by)
        for key, each in zip(keys, text.steps, strict=True):
            with _at(each.line):
                self._step(guide, key, now.get(key), each, keeper)
        if [str(step.key) for step in guide.steps.all()] != keys:
            guide.refresh_from_db(fields=["revision"])
            guide.reorder(keys, by=self.by, based_on=guide.revision)

    def _step(self, guide, key: str, step, text: document.StepText, keeper: Keeper) -> None:
        render(text.text)
        fields: dict[str, Any] = {
            "title": text.title,
            "text": text.text,
            "control": text.control,
            "result": text.result,
            "callouts": text.callouts,
            "page": text.page,
            "screenshot": keeper.picture(text, step.screenshot if step else None),
            "video": keeper.video(text, step.video if step else None),
        }
        if step is None:
            Step.objects.add(guide, by=self.by, key=UUID(key), **fields)
        elif any(getattr(step, name) != value for name, value in fields.items()):
            step.edit(by=self.by, **fields)

    def _finished(self, name: str, guide, text: document.GuideText, file: str) -> Iterator[Outcome]:
        """What needs all the others: prerequisites, and then the version for readers."""
        wanted = about.names_of(text, "prerequisites")
        others = Guide.objects.filter(slug__in=wanted).exclude(pk=guide.pk)
        missing = sorted(set(wanted) - {other.slug for other in others})
        guide.refresh_from_db()
        if set(others) != set(guide.prerequisites.all()):
            guide.describe(by=self.by, prerequisites=others)
        Guide.objects.filter(pk=guide.pk).update(source_hash=file, source_state=_state(guide))
        if missing:
            yield Outcome(name, UPDATED, f"there is no guide {', '.join(missing)}")
        if self.publish:
            yield from self._published(name, guide)

    def _published(self, name: str, guide) -> Iterator[Outcome]:
        try:
            guide.publish(by=self.by, note=f"Imported from {name}"[:300], at=self.at)
        except EXPECTED as error:
            yield Outcome(name, REFUSED, f"it was saved but not published: {_told(error)}")

    # Questions

    def _questions(self, path: Path, name: str) -> Iterator[Outcome]:
        file = questions.read(_content(path), path.stem)
        topic, first = file.topic, self.asked[file.topic] + 1
        for position, row in enumerate(file.rows, first):
            place = f"{name}:{row.line}"
            try:
                with _at(row.line):
                    state = self._kept(topic, row, position)
            except (questions.Changed, StaleQuestion):
                yield Outcome(place, REFUSED, BOTH)
            else:
                yield Outcome(f"{name}#{row.slug}", state)
        if first == 1:
            Question.objects.place_topic(topic, file.position)
        self.asked[topic] += len(file.rows)

    def _kept(self, topic: str, row: questions.QuestionText, position: int) -> str:
        how = {"force": self.force, "makes_teams": self.makes_teams}
        return questions.keep(topic, row, position, **how)


@contextmanager
def _at(line: int):
    """What is wrong there is wrong in this line of the file."""
    try:
        yield
    except (questions.Changed, StaleQuestion):
        raise
    except EXPECTED as error:
        if outage_of(error):
            raise
        raise BadText(_told(error), line) from error


def _refused(name: str, error: Exception) -> Outcome:
    match error:
        case BadText():
            return Outcome(f"{name}:{error.line}", REFUSED, error.detail)
        case _ if isinstance(error, EXPECTED):
            return Outcome(name, REFUSED, _told(error))
    log.error("A guide could not be imported", exc_info=error, extra={"path": name})
    return Outcome(name, REFUSED, f"unexpected: {type(error).__name__}")


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _hashes(text: document.GuideText, beside: Beside) -> dict[str, str]:
    """The hash of each file that a guide names. Raises BadText."""
    found = {}
    for step in text.steps:
        names = [step.picture.file] if step.picture else []
        names += [str(step.video.get(each) or "") for each in ("file", "poster", *WORDS)]
        for name in filter(None, names):
            found[name] = beside.digest(name, step.line)
    return found


def _state(guide) -> str:
    text, _, hashes = text_of(guide)
    return digest(text, hashes)


def _keys(guide, text: document.GuideText, now: dict) -> list[str]:
    """The key of each step: as the file says, or that of the step of the same title, or a new one.

    A file that is read in two portals makes the same keys in both.
    """
    titles = {step.title: key for key, step in now.items()}
    wanted = [_wanted(guide, step, titles) for step in text.steps]
    elsewhere = Step.objects.filter(key__in=wanted).exclude(guide=guide)
    taken = {str(key) for key in elsewhere.values_list("key", flat=True)}
    keys: list[str] = []
    for key in wanted:
        keys.append(str(uuid4()) if key in taken else key)
        taken.add(key)
    return keys


def _wanted(guide, step: document.StepText, titles: dict[str, str]) -> str:
    if not step.key:
        found = titles.get(step.title)
        return found or str(uuid5(NAMESPACE_URL, f"guide:{guide.slug}#{step.title}"))
    try:
        return str(UUID(step.key))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, f"guide:{guide.slug}#{step.key}"))


def _told(error) -> str:
    if isinstance(error, ValidationError):
        named = getattr(error, "message_dict", None)
        if named:
            return " ".join(
                " ".join(messages) if name == "__all__" else f"{name}: {' '.join(messages)}"
                for name, messages in named.items()
            )
        return " ".join(error.messages)
    return getattr(error, "detail", "") or str(error)
