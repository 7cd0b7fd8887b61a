"""A folder of YAML files: one for each row, in `zones/`, `integrations/` and `services/`.

`teams/` has the owners of an export, so that it finds them in an empty portal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from rest_framework.exceptions import ValidationError

from portal.architecture.models import Service
from portal.core.data import yaml
from portal.core.media import files
from portal.core.problems import DomainError
from portal.search import index

from . import backstage, teams
from .documents import documents_of, etag_of
from .found import Found, found_in
from .store import NEW, NOUNS, keep


@dataclass
class Outcome:
    """What an import did, or would do; what has an error was not written."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def export_tree(folder: Path, *, prune: bool = False) -> tuple[int, int]:
    """Write all rows; returns how many files were written and how many of gone rows removed."""
    written = removed = 0
    texts = {
        noun.name: {d["slug"]: d for d in documents_of(noun.model._default_manager.all())}
        for noun in NOUNS.values()
    }
    for name, documents in {**texts, teams.FOLDER: teams.documents()}.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        for slug, document in documents.items():
            written += _write(place / f"{slug}.yaml", yaml.written(document))
        gone = [path for path in place.glob("*.yaml") if path.stem not in documents]
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
    """Read our own layout and Backstage's catalog-info.yaml, in any order.

    A document that cannot be taken is an error, and so is one of ours that needs it; all others
    are written.
    """
    read = found_in(folder)
    outcome = Outcome(warnings=read.warnings, errors=read.errors)
    rows = read.found
    owners = teams.owning(read.teams, [each.document for each in rows], outcome.warnings)
    while True:
        tried = Outcome()
        with transaction.atomic():
            with index.together():
                tried.created += teams.make_missing(owners)
                refused = _take_all(rows, tried, by)
            if refused or dry_run:
                transaction.set_rollback(True)
        outcome.errors += tried.errors
        if not refused:
            break
        rows = [each for each in rows if id(each) not in refused]
    outcome.created, outcome.changed, outcome.same = tried.created, tried.changed, tried.same
    outcome.warnings += tried.warnings
    return outcome


def _take_all(found: list[Found], outcome: Outcome, by) -> set[int]:
    """Write all; returns the identities of those that are refused."""
    _make_known(found)
    needs = _known_needs(found, outcome)
    refused = set()
    for each, document in zip(found, needs, strict=True):
        if not _take(each, document, outcome, by):
            refused.add(id(each))
    return refused


def _make_known(found: list[Found]) -> None:
    """Services that others name may come later: all are there before the first is read."""
    slugs = {each.slug[:60]: each for each in found if each.noun.model is Service}
    known = set(Service.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    Service.objects.bulk_create(Service(slug=slug, name=NEW) for slug in slugs if slug not in known)


def _known_needs(found: list[Found], outcome: Outcome) -> list[dict]:
    """Their documents. Backstage names things that nobody described: said, and left out."""
    known = set(Service.objects.values_list("slug", flat=True))
    return [
        _of_known(each, known, outcome) if each.is_backstage else each.document for each in found
    ]


def _of_known(each: Found, known: set[str], outcome: Outcome) -> dict:
    needs, above = each.document["depends_on"], each.document["part_of"]
    named = {need["service"] for need in needs} | ({above} if above else set())
    for slug in sorted(named - known):
        outcome.warnings.append(f"{each.at('')}: nobody describes “{slug}”: left out.")
    return {
        **each.document,
        "depends_on": [need for need in needs if need["service"] in known],
        "part_of": above if above in known else None,
    }


def _take(each: Found, document: dict, outcome: Outcome, by) -> bool:
    """Write one document; whether it could be written."""
    rows = each.noun.model._default_manager.filter(slug=each.slug)
    before = {d["slug"]: d for d in documents_of(rows)}.get(each.slug)
    if before and before["name"] == NEW:
        before = None
    if each.is_backstage and before:
        document = backstage.merged(document, before)
    try:
        with transaction.atomic():
            keep(each.noun, each.slug, document, by=by)
    except ValidationError as error:
        outcome.errors += [f"{each.at(p)}: {text}" for p, text in _told(error.detail, "")]
        return False
    except DomainError as error:
        outcome.errors.append(f"{each.at(str(error.extra.get('pointer', '')))}: {error.detail}")
        return False
    _enter(f"{each.noun.name}/{each.slug}", before, documents_of(rows)[0], outcome)
    return True


def _enter(name: str, before: dict | None, after: dict, outcome: Outcome) -> None:
    if before is None:
        outcome.created.append(name)
    elif etag_of(before) != etag_of(after):
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
