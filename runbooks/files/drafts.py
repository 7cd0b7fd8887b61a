"""Reading files that nobody reviewed yet: what an author sends becomes drafts, never more."""

from collections.abc import Iterator
from datetime import datetime

from portal.core.markdown import Rendered, render
from portal.core.web.outcomes import CREATED, DRAFT, UNCHANGED, Outcome
from runbooks.models import Runbook, Version
from runbooks.problems import WrongState

from . import fields
from .facts import facts_of
from .images import claim_pictures
from .importer import Import
from .retirement import HOW
from .source_file import Document, read_text


class DraftImport(Import):
    """An import in which every text waits for a review, as if its author had typed it.

    Readers see nothing new by it: no text, no picture in place of another, nothing archived or
    moved. It makes no team and no service, takes no history and no address that a file claims, and
    leaves alone what others have open.
    """

    makes_missing = False
    replaces_shown = False
    follows_moves = False

    def _texts(self) -> Iterator[Outcome]:
        yield from map(self._text, self.documents)

    def _take_first(self, runbook: Runbook, document: Document) -> str:
        text, rendered = self.arrivals.learnt(document) or self._learn(document)
        self._keep(runbook, document, text, rendered)
        if any(document.block.get(how) for how in HOW):
            document.notes.append("it was archived where it comes from, here it is a draft")
        return CREATED

    def _take_change(self, runbook: Runbook, document: Document, shown: str) -> str:
        """A draft on top of what is there. Raises WrongState for what others have open."""
        before = runbook.newest
        if before.hash == document.hash:
            self._note_read(runbook, document)
            return UNCHANGED
        if runbook.versions.filter(hash=document.hash).exists():
            document.notes.append(f"it is an older text: v{before.number} is newer")
            return UNCHANGED
        self._refuse_work_of_others(before)
        text, rendered = self._learn(document)
        old = facts_of(document.path, render(before.text), self.navigation)
        if changes := fields.fields_that_changed(document, old):
            names = ", ".join(sorted(changes))
            document.notes.append(
                f"the file changes {names}, too: do it on the page of the runbook"
            )
        if before.is_open:
            state = before.get_state_display().lower()
            document.notes.append(f"v{before.number} was {state} and is superseded by it")
        self._keep(runbook, document, text, rendered)
        return DRAFT

    def _refuse_work_of_others(self, version: Version | None) -> None:
        if version and version.is_open and (version.author != self.by or version.is_approved):
            state = "approved" if version.is_approved else version.get_state_display().lower()
            raise WrongState(
                f"v{version.number} of “{version.runbook}” by {version.author} is {state}: publish "
                "or withdraw it first, or send the file under another name of the collection"
            )

    def _began(self, document: Document) -> datetime:
        return self.at

    def _learn(self, document: Document) -> tuple[str, Rendered]:
        text, _ = read_text(self.tree, document.path)
        return text, document.learn(text, self.navigation)

    def _keep(self, runbook: Runbook, document: Document, text: str, rendered: Rendered) -> None:
        runbook.draft(
            text,
            author=self.by,
            note=fields.imported_from(document),
            based_on=runbook.head,
            at=self.at,
            rendered=rendered,
        )
        self._note_read(runbook, document)
        claim_pictures(runbook, document.pictures)

    def _finish(self) -> None:
        """Links of what readers see stay as they are until somebody reviewed where they lead."""
