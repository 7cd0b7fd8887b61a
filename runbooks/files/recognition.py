"""Which documents of a tree are runbooks that the portal has already."""

from runbooks.models import Runbook

from .source_file import Document

AT_ONCE = 500


def recognise(read: dict[str, Document], *, moved: bool = True) -> None:
    """Let the documents, by place, know the runbooks that they are: by path or as `moved` files."""
    places = list(read)
    for start in range(0, len(places), AT_ONCE):
        known = Runbook.objects.filter(source_path__in=places[start : start + AT_ONCE])
        for pk, place in known.values_list("pk", "source_path"):
            read[place].runbook_id = pk
    for document in read.values() if moved else ():
        if not document.runbook_id and document.block.get("slug"):
            _recognise_moved(document, read)


def _recognise_moved(document: Document, read: dict[str, Document]) -> None:
    """The same text under the same address, whose old path is gone: the file was moved."""
    slug = str(document.block["slug"])
    same = Runbook.objects.filter(slug=slug, versions__hash=document.hash).first()
    if same and same.source_path not in read:
        document.runbook_id = same.pk
        document.notes.append(f"moved from {same.source_path}")
