"""New documents that bring no history: their rows and texts are written in batches.

What cannot be written together stays undone here, and is then tried one by one by the import.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from portal.core.markdown import Rendered
from runbooks.models import Runbook

from . import fields
from .batches import Text, adopt_all, free_slugs, make_all
from .images import claim_pictures
from .source_file import Document
from .spool import Spool

log = logging.getLogger(__name__)


class Arrivals:
    """What was learnt of new documents, kept on the disk until all of them have their rows."""

    def __init__(self, *, at: datetime, by, owner=None):
        self.at, self.by, self.owner = at, by, owner
        self.spool = Spool()
        self.entered: set[str] = set()
        self.published: set[str] = set()

    def learn(self, document: Document, text: str, navigation: dict[str, str]) -> None:
        """Render the text once. Raises MarkdownError."""
        self.spool.keep(document.path, (text, document.learn(text, navigation)))

    def learnt(self, document: Document) -> tuple[str, Rendered] | None:
        """The text of the document and what it renders to, if it was learnt."""
        return self.spool.take(document.path)

    # Rows

    def enter(self, documents: list[Document]) -> None:
        """Make the rows of those without a block that do not depend on each other."""
        plain = [each for each in documents if not each.block]
        said = [len(each.notes) for each in plain]
        try:
            chosen = list(self._independent(plain))
            made = make_all([given for _, given in chosen], at=self.at)
        except Exception as error:
            log.warning("One by one, as together it failed: %s", error)
            made, chosen = [], []
        for (document, _), runbook in zip(chosen, made, strict=True):
            document.runbook_id = runbook.pk
            self.entered.add(document.path)
        for document, count in zip(plain, said, strict=True):
            if not document.runbook_id:
                del document.notes[count:]  # said again when it is tried alone

    def _independent(self, documents: list[Document]) -> Iterator[tuple[Document, dict]]:
        """Those whose addresses and alerts none of the others wants, with their fields."""
        given = [fields.fields_of_new(document, self.owner) for document in documents]
        stems = [each.get("slug") or stem_of(each["title"]) for each in given]
        wanted: set[tuple[str, str]] = set()
        for document, own, slug in zip(documents, given, free_slugs(stems), strict=True):
            names = {("alert", name) for name in own.get("alerts", ())}
            if slug and names.isdisjoint(wanted):
                yield document, own | {"slug": slug, "source_path": document.place}
            wanted |= names

    # Texts

    def publish(self, documents: list[Document]) -> None:
        """Publish the texts of those that were entered here."""
        mine = [each for each in documents if each.path in self.entered]
        try:
            with transaction.atomic():
                self._publish(mine)
        except Exception as error:
            log.warning("One by one, as together it failed: %s", error)
        else:
            self.published.update(document.path for document in mine)

    def _publish(self, documents: list[Document]) -> None:
        runbooks = Runbook.objects.in_bulk([each.runbook_id for each in documents])
        adopt_all(list(self._texts(documents, runbooks)), by=self.by, at=self.at)
        for document in documents:
            runbook = runbooks[document.runbook_id]
            fields.keep_addresses(runbook, document)
            claim_pictures(runbook, document.pictures)

    def _texts(self, documents: list[Document], runbooks: dict[int, Runbook]) -> Iterator[Text]:
        for document in documents:
            text, rendered = self.spool.take(document.path)
            note = fields.imported_from(document)
            yield Text(runbooks[document.runbook_id], text, rendered, note)


def stem_of(title: str) -> str:
    """The address that a title asks for, as `RunbookQuerySet.free_slug` makes it."""
    return slugify(title)[:110] or "runbook"
