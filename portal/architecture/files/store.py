"""The one verb that writes the catalog from documents: for the API, files and imports alike."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from portal.architecture import notices
from portal.architecture.catalog import serializers
from portal.architecture.models import ConfigurationItem, Dependency, Integration, Service, Zone
from portal.core.data.audit import record
from portal.core.problems import Refused

from .documents import LINKS, document_of

MEMBERS = {"target": "service"}  # where a document says it otherwise
NEW = "\x01new"  # the name of a row of which an import knows no more yet
PARTS = ("depends_on", "configuration", "links", "slug")


@dataclass(frozen=True)
class Noun:
    """One sort of row that has documents; `name` is also its folder and its address."""

    name: str
    model: type[models.Model]
    serializer: type[serializers.Strict]


NOUNS = {
    "zones": Noun("zones", Zone, serializers.ZoneDocumentSerializer),
    "integrations": Noun("integrations", Integration, serializers.IntegrationDocumentSerializer),
    "services": Noun("services", Service, serializers.ServiceDocumentSerializer),
}


@transaction.atomic
def keep(noun: Noun, slug: str, document: dict, *, by) -> tuple[Any, bool]:
    """Make the row of this slug, or make it exactly this document. Returns it and if it is new.

    Members left out get their defaults. Raises DRF's ValidationError or Refused with pointers.
    """
    serializer = noun.serializer(data=document)
    serializer.is_valid(raise_exception=True)
    given = dict(serializer.validated_data)
    if given.get("slug", slug) != slug:
        raise Refused(f"The slug is {slug}: rename nothing here.", pointer="/slug")
    rows: Any = noun.model._default_manager
    row = rows.select_for_update().filter(slug=slug).first()
    is_new = row is None
    before = document_of(row) if isinstance(row, Service) else {}
    row = row or noun.model(slug=slug)
    for name, value in given.items():
        if name not in PARTS:
            setattr(row, name, value)
    if isinstance(row, Service):
        for name in LINKS:
            setattr(row, name, given.get("links", {}).get(name, ""))
    _save(row, "")
    if isinstance(row, Service):
        _keep_needs(row, given.get("depends_on") or [])
        _keep_configuration(row, given.get("configuration") or [])
    record(row, "start" if is_new else "keep", by=by)
    if before and before["name"] != NEW and document_of(row) != before:
        notices.changed(row, by=by)
    return row, is_new


@transaction.atomic
def remove(row, *, by) -> None:
    """Delete a row of the catalog; who watches a service is told."""
    if isinstance(row, Service):
        notices.deleted(row, by=by)
    row.delete()


def _keep_needs(service: Service, rows: list[dict]) -> None:
    named = [{**given, "target": given["service"]} for given in rows]
    for values in named:
        del values["service"]
    made = [Dependency(source=service, **values) for values in named]
    _keep_parts(service.dependencies, made, "depends_on")


def _keep_configuration(service: Service, rows: list[dict]) -> None:
    made = [ConfigurationItem(service=service, **given) for given in rows]
    _keep_parts(service.configuration, made, "configuration")


def _keep_parts(kept, made: list, name: str) -> None:
    """Make the parts of a service exactly these; what stays as it is has no new history."""
    before = {each.identity: each for each in kept.all()}
    for gone in before.keys() - {each.identity for each in made}:
        before[gone].delete()
    seen = set()
    for at, row in enumerate(made):
        old = before.get(row.identity)
        if old and row.identity not in seen:
            row.pk = old.pk
            row._state.adding = False
        seen.add(row.identity)
        if not old or row.pk is None or _values(old) != _values(row):
            _save(row, f"/{name}/{at}")


def _values(row: models.Model) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}


def _save(row: models.Model, pointer: str) -> None:
    """Save a row that is whole. Raises Refused with the member that is wrong."""
    try:
        row.full_clean()
    except ValidationError as error:
        wrong = error.message_dict
        name, messages = next(iter(wrong.items()))
        member = "" if name == "__all__" else f"/{MEMBERS.get(name, name)}"
        raise Refused(messages[0], pointer=pointer + member) from error
    row.save()
