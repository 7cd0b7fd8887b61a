"""Archiving and merging what the block of an exported file says is archived or merged."""

from datetime import datetime

from runbooks.models import Runbook

from . import fields
from .source_file import Document

HOW = ("merged_into", "archived_at")  # what is merged is archived by that


def retire(document: Document, how: str, *, by, at: datetime) -> None:
    """Do what the block says of its runbook, once all others are there. Raises WrongState."""
    given = document.block.get(how)
    rows = Runbook.objects.filter(pk=document.runbook_id, archived_at=None)
    runbook = rows.filter(published__isnull=False).first() if given else None
    if runbook is None:
        return
    at = fields.moment(document.block.get("archived_at")) or at
    other = Runbook.objects.at(str(given)) if how == "merged_into" else None
    if other:
        runbook.merge_into(other, by=by, at=at)
    elif how == "archived_at":
        runbook.archive(by=by, at=at)
