"""A folder of YAML files: one for each row, in `zones/`, `integrations/` and `services/`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError as ModelError
from django.core.validators import validate_slug
from django.db import transaction
from rest_framework.exceptions import ValidationError

from portal.architecture.models import Service
from portal.core.data import yaml
from portal.core.media import files
from portal.core.problems import DomainError
from portal.search import index

from . import backstage
from .documents import documents_of, etag_of
from .store import NOUNS, Noun, keep

ENDINGS = (".yaml", ".yml")
MOST_FILES = 10_000


@dataclass
class Outcome:
    """What an import did, or would do; with errors nothing was written."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


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


def export_tree(folder: Path, *, prune: bool = False) -> tuple[int, int]:
    """Write all rows; returns how many files were written and how many of gone rows removed."""
    written = removed = 0
    for noun in NOUNS.values():
        place = folder / noun.name
        place.mkdir(parents=True, exist_ok=True)
        rows = noun.model._default_manager.all()
        texts = {f"{d['slug']}.yaml": yaml.written(d) for d in documents_of(rows)}
        for name, text in texts.items():
            written += _write(place / name, text)
        gone = [path for path in place.glob("*.yaml") if path.name not in texts]
        for path in gone if prune else []:
            path.unlink()
            removed += 1
    return written, removed


def _write(path: Path, text: str) -> bool:
    if path.exists() and path.read_text() == text:
        return False
    files.write(path, text.encode())
    return True


def import_tree(folder: Path, *, by=None, dry_run: bool = False) -> Outcome:
    """Read our own layout and Backstage's catalog-info.yaml, in any order; all of it or nothing."""
    outcome = Outcome()
    found = list(_found(folder, outcome))
    with transaction.atomic():
        with index.together():
            _make_known(found)
            _pass_over_unknown(found, outcome)
            for each in found:
                _take(each, outcome, by)
        if outcome.errors or dry_run:
            transaction.set_rollback(True)
    return outcome


def _found(folder: Path, outcome: Outcome) -> Iterator[Found]:
    root = folder.resolve()
    paths = sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS)
    if len(paths) > MOST_FILES:
        outcome.errors.append(f"{folder}: more than {MOST_FILES} files.")
        return
    order, entities = list(NOUNS), []
    paths.sort(key=lambda path: order.index(path.parent.name) if path.parent.name in order else 9)
    for path in paths:
        place = path.relative_to(folder).as_posix()
        if not path.is_file() or not path.resolve().is_relative_to(root):
            outcome.errors.append(f"{place}:1: It is no file, or leads out of the folder.")
            continue
        try:
            yield from _of_file(path, place, outcome, entities)
        except yaml.BadYaml as error:
            outcome.errors.append(f"{place}:{error.line}: {error.detail}")
    for entity, made in backstage.converted(entities, outcome.warnings, outcome.errors):
        yield Found(NOUNS["services"], made["slug"], made, entity.place, entity.lines, True)


def _of_file(path: Path, place: str, outcome: Outcome, entities: list) -> Iterator[Found]:
    size = path.stat().st_size
    if size > yaml.LARGEST:
        raise yaml.BadYaml(f"Larger than {yaml.LARGEST // 1024} kB.")
    for document, lines in yaml.documents(path.read_bytes()):
        if not isinstance(document, dict):
            raise yaml.BadYaml(
                "A list of members is expected, such as “name: Web”.", lines.get("", 1)
            )
        if backstage.is_entity(document):
            entities.append(backstage.Entity(document, place, lines))
        elif path.parent.name in NOUNS:
            yield Found(NOUNS[path.parent.name], _slug(path.stem), document, place, lines)
        else:
            outcome.warnings.append(f"{place}: passed over: in none of {', '.join(NOUNS)}.")


def _slug(stem: str) -> str:
    try:
        validate_slug(stem)
    except ModelError as error:
        raise yaml.BadYaml("The name of the file is the slug: letters, digits, - and _.") from error
    return stem


def _make_known(found: list[Found]) -> None:
    """Services that others name may come later: all are there before the first is read."""
    slugs = {each.slug[:60]: each for each in found if each.noun.model is Service}
    known = set(Service.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    Service.objects.bulk_create(Service(slug=slug, name=NEW) for slug in slugs if slug not in known)


def _pass_over_unknown(found: list[Found], outcome: Outcome) -> None:
    """Catalogs of Backstage name things that nobody described: said, and left out."""
    known = set(Service.objects.values_list("slug", flat=True))
    for each in found:
        if not each.is_backstage:
            continue
        needs = each.document["depends_on"]
        unknown = {need["service"] for need in needs} - known
        each.document["depends_on"] = [need for need in needs if need["service"] in known]
        if each.document["part_of"] and each.document["part_of"] not in known:
            unknown.add(each.document["part_of"])
            each.document["part_of"] = None
        for slug in sorted(unknown):
            outcome.warnings.append(f"{each.at('')}: nobody describes “{slug}”: left out.")


NEW = "\x01new"  # the name of a row that only this import knows


def _take(each: Found, outcome: Outcome, by) -> None:
    name = f"{each.noun.name}/{each.slug}"
    rows = each.noun.model._default_manager.filter(slug=each.slug)
    before = {d["slug"]: d for d in documents_of(rows)}.get(each.slug)
    is_new = before is None or before["name"] == NEW
    document = each.document
    if each.is_backstage and before and not is_new:
        document = backstage.merged(document, before)
    try:
        with transaction.atomic():
            keep(each.noun, each.slug, document, by=by)
    except ValidationError as error:
        outcome.errors += [f"{each.at(p)}: {text}" for p, text in _told(error.detail, "")]
    except DomainError as error:
        outcome.errors.append(f"{each.at(str(error.extra.get('pointer', '')))}: {error.detail}")
    else:
        after = documents_of(rows)[0]
        if is_new:
            outcome.created.append(name)
        elif before and etag_of(before) != etag_of(after):
            outcome.changed.append(name)
        else:
            outcome.same += 1


def _told(detail, pointer: str) -> Iterator[tuple[str, str]]:
    """Each message of a nested error with the pointer to its member."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _told(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for at, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _told(inner, f"{pointer}/{at}" if nested else pointer)
    else:
        name = pointer.rpartition("/")[2]
        yield pointer, f"{name}: {detail}" if name else str(detail)
