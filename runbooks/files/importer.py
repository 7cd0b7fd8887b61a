"""Reading a folder of documents and images into the portal.

All rows come first and the texts after them, so that a link finds its target whatever the order.
Each file is a transaction of its own: one that cannot be taken stops no other.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime

from django.db import transaction

from portal.core.data.outages import stop_at_outage
from portal.core.markdown import render
from portal.core.web.outcomes import (
    CREATED,
    DRAFT,
    REFUSED,
    SKIPPED,
    UNCHANGED,
    UPDATED,
    Outcome,
)
from portal.search import index
from runbooks.documents.render import derive_again
from runbooks.models import Runbook

from . import fields
from .arrivals import Arrivals
from .broken_links import Broken, broken_links, repairable
from .facts import facts_of
from .images import claim_pictures, read_image
from .large_files import split_large
from .paths import Places
from .recognition import recognise
from .refusals import told
from .retirement import HOW, retire
from .source_file import Document, read_text
from .tree import Tree, Unreadable

BATCH = 100  # documents that are written together


def batches(documents: list[Document]) -> Iterator[list[Document]]:
    for start in range(0, len(documents), BATCH):
        yield documents[start : start + BATCH]


class Import:
    """One reading of one folder. `run` yields what became of each file.

    `owner` is the team of runbooks that have none and name none; `split` makes several of a file
    that is too large for one.
    """

    makes_missing = True  # teams and services that only a block names
    replaces_shown = True  # pictures that readers see
    follows_moves = True  # of files of which a block names the runbook

    def __init__(
        self, folder, *, at, section="", name="", by=None, owner=None, split=False, dry_run=False
    ):
        self.tree = Tree.read(folder)
        if split:
            split_large(self.tree)
        self.places = Places(self.tree, section=section, name=name)
        self.navigation = self.tree.titles()
        self.at, self.by, self.dry_run = at, by, dry_run
        self.owner = owner
        self.arrivals = Arrivals(at=at, by=by, owner=owner)
        self.documents: list[Document] = []
        self.broken: list[Broken] = []
        self.has_news = False

    @property
    def count(self) -> int:
        """How many lines `run` yields."""
        tree = self.tree
        not_taken = len(tree.refused) + len(tree.skipped)
        return not_taken + len(tree.images) + len(tree.documents)

    def run(self) -> Iterator[Outcome]:
        """Read everything. In a dry run all is done but nothing stays."""
        with transaction.atomic() if self.dry_run else nullcontext():
            yield from self._files()
            while not self.dry_run and index.catch_up():
                pass
            self.broken = broken_links(self.documents, self.places)
            if self.dry_run:
                transaction.set_rollback(True)

    def _files(self) -> Iterator[Outcome]:
        for path, why in sorted(self.tree.refused.items()):
            yield Outcome(path, REFUSED, why)
        for path, why in self.tree.skipped.items():
            yield Outcome(path, SKIPPED, why)
        yield from map(self._image, self.tree.images)
        yield from self._rows()
        yield from self._texts()
        self._finish()

    @contextmanager
    def _trying(self, path: str, refusals: list[Outcome], *, writes: bool = True):
        """A transaction for one file if it writes; what is wrong with it becomes its line.

        Raises an outage, which all other files would meet, too.
        """
        try:
            with index.together(later=True) if writes else nullcontext():
                yield
        except Exception as error:
            stop_at_outage(error)
            self.tree.failed[path] = why = told(error, path)
            refusals.append(Outcome(path, REFUSED, why))

    def _image(self, path: str) -> Outcome:
        refusals, place = [], self.places.place(path)
        outcome = None
        with self._trying(path, refusals):
            keep = not self.dry_run
            shown = self.replaces_shown
            outcome = read_image(
                self.tree, path, place, by=self.by, keep=keep, replaces_shown=shown
            )
            self.has_news |= outcome.state in (CREATED, UPDATED)
        return refusals[0] if refusals else outcome

    # Rows

    def _rows(self) -> Iterator[Outcome]:
        """Read every document and make the rows of new ones; yields those that are refused."""
        refusals: list[Outcome] = []
        read: dict[str, Document] = {}
        for path in self.tree.documents:
            with self._trying(path, refusals, writes=False):
                document = Document.read(self.tree, self.places, path)
                if document.place in read:
                    other = read[document.place].path
                    raise Unreadable(f"{other} says that it is the same document")
                read[document.place] = document
        recognise(read, moved=self.follows_moves)
        for batch in batches([each for each in read.values() if not each.runbook_id]):
            self._enter_all(batch, refusals)
        self.documents = [document for document in read.values() if document.runbook_id]
        yield from refusals

    def _enter_all(self, batch: list[Document], refusals: list[Outcome]) -> None:
        for document in batch:
            with self._trying(document.path, refusals, writes=False):
                text, _ = read_text(self.tree, document.path)
                self.arrivals.learn(document, text, self.navigation)
        learnt = [document for document in batch if document.facts]
        self.arrivals.enter(learnt)
        for document in learnt:
            if not document.runbook_id:
                with self._trying(document.path, refusals):
                    self._enter(document)
        self.has_news |= bool(learnt)

    def _enter(self, document: Document) -> None:
        runbook = Runbook.objects.make(
            source_path=document.place,
            at=self._began(document),
            **fields.fields_of_new(document, self.owner, makes_missing=self.makes_missing),
        )
        document.runbook_id = runbook.pk

    def _began(self, document: Document) -> datetime:
        return fields.moment(document.block.get("created_at")) or self.at

    # Texts

    def _texts(self) -> Iterator[Outcome]:
        for batch in batches(self.documents):
            self.arrivals.publish(batch)
            for document in batch:
                if document.path in self.arrivals.published:
                    yield Outcome(document.path, CREATED, "; ".join(document.notes))
                else:
                    yield self._text(document)

    def _text(self, document: Document) -> Outcome:
        refusals: list[Outcome] = []
        state = REFUSED
        with self._trying(document.path, refusals):
            state = self._read_text(document)
        if refusals:
            Runbook.objects.filter(pk=document.runbook_id, head=0).delete()
            return refusals[0]
        return Outcome(document.path, state, "; ".join(document.notes))

    def _read_text(self, document: Document) -> str:
        runbook = Runbook.objects.select_related("published").get(pk=document.runbook_id)
        self._move(runbook, document)
        self._give_owner(runbook, document)
        if not runbook.head:
            return self._take_first(runbook, document)
        shown = runbook.published.hash if runbook.published_id else ""
        if document.hash in (shown, runbook.source_hash):
            self._note_read(runbook, document)
            return UPDATED if document.notes else UNCHANGED
        return self._take_change(runbook, document, shown)

    def _take_change(self, runbook: Runbook, document: Document, shown: str) -> str:
        """Publish a change of the file alone; a change on both sides waits as a draft.

        A file with a text that the runbook had before may be an old copy: also a draft.
        """
        is_behind = runbook.versions.filter(hash=document.hash).exists()
        if is_behind and runbook.newest.hash == document.hash:
            self._note_read(runbook, document)
            return UNCHANGED
        if is_behind or shown != runbook.source_hash or runbook.open_version:
            return self._draft(runbook, document)
        return self._publish_next(runbook, document)

    def _draft(self, runbook: Runbook, document: Document) -> str:
        text, _ = read_text(self.tree, document.path)
        note = f"From {document.path}, while the portal changed too"[:500]
        version = runbook.draft(text, author=self.by, note=note, based_on=runbook.head, at=self.at)
        self._note_read(runbook, document)
        document.notes.append(f"both sides changed, the file is v{version.number}")
        return DRAFT

    def _publish_next(self, runbook: Runbook, document: Document) -> str:
        old = runbook.published.text
        text, _ = read_text(self.tree, document.path)
        rendered = document.learn(text, self.navigation)
        old_facts = facts_of(document.path, render(old), self.navigation)
        changes = fields.fields_that_changed(document, old_facts)
        note = fields.imported_from(document)
        runbook.adopt(text, by=self.by, note=note, at=self.at, rendered=rendered)
        if changes:
            runbook.describe(by=self.by, at=self.at, **changes)
        self._after_publishing(runbook, document)
        return UPDATED

    def _take_first(self, runbook: Runbook, document: Document) -> str:
        """Publish as the last entry of the history in the block says, or else as imported now."""
        if document.facts is None:  # an import that was interrupted made its row
            text, _ = read_text(self.tree, document.path)
            self.arrivals.learn(document, text, self.navigation)
        text, rendered = self.arrivals.learnt(document)
        *earlier, last = fields.history_of(document.block) or [{}]
        runbook.earlier_history = earlier
        runbook.save(update_fields=["earlier_history"])
        runbook.adopt(
            text,
            by=None if last else self.by,
            note=str(last.get("note", "")) if last else fields.imported_from(document),
            at=fields.moment(last.get("at")) or self.at,
            author_name=str(last.get("by", "")),
            rendered=rendered,
        )
        self._restore_review(runbook, document.block)
        self._after_publishing(runbook, document)
        return CREATED

    def _restore_review(self, runbook: Runbook, block: dict) -> None:
        reviewed_at = fields.moment(block.get("reviewed_at"))
        if reviewed_at and reviewed_at != runbook.reviewed_at:
            runbook.confirm_review(by=self.by, at=reviewed_at)
        if block.get("review_asked"):
            runbook.ask_review(str(block["review_asked"]), at=self.at)

    def _after_publishing(self, runbook: Runbook, document: Document) -> None:
        self._note_read(runbook, document)
        fields.keep_addresses(runbook, document)
        claim_pictures(runbook, document.pictures)

    def _note_read(self, runbook: Runbook, document: Document) -> None:
        if runbook.source_hash != document.hash:
            Runbook.objects.filter(pk=runbook.pk).update(source_hash=document.hash)

    def _move(self, runbook: Runbook, document: Document) -> None:
        if runbook.source_path != document.place:
            runbook.source_path = document.place
            runbook.save(update_fields=["source_path"])
            if runbook.published_id:
                derive_again(runbook)
            self.has_news = True

    def _give_owner(self, runbook: Runbook, document: Document) -> None:
        if self.owner and runbook.owner_id is None:
            runbook.describe(by=self.by, at=self.at, owner=self.owner)
            document.notes.append(f"now owned by {self.owner}")

    # What needs all the others

    def _finish(self) -> None:
        """Merge and archive what the blocks of new runbooks say, and mend links that lead now."""
        new = [document for document in self.documents if document.facts and document.block]
        for how in HOW:
            for document in new:
                with self._trying(document.path, []):
                    retire(document, how, by=self.by, at=self.at)
        if self.has_news:
            for runbook in list(repairable()):
                derive_again(runbook)
