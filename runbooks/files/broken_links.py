"""Which links of imported documents lead nowhere, and whether they did before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from runbooks.documents.resolver import Resolver
from runbooks.models import Link, Runbook

AT_ONCE = 500
PLACE = re.compile(r'<span id="h-([^"]+)">')


@dataclass(frozen=True)
class Broken:
    """A link that leads nowhere, and why; `is_new` if it led to a file that was not taken."""

    path: str
    line: int
    target: str
    why: str
    is_new: bool

    def __str__(self):
        return f"{self.path}:{self.line}: {self.target} ({self.why})"


def broken_links(documents, places) -> list[Broken]:
    """The broken links of the documents as they are published now, by path and line."""
    by_runbook = {document.runbook_id: document for document in documents}
    found = [_broken(by_runbook[link.source_id], link, places) for link in _links(list(by_runbook))]
    return sorted(found, key=lambda broken: (broken.path, broken.line))


def _links(runbooks: list[int]):
    anchors = Anchors()
    for start in range(0, len(runbooks), AT_ONCE):
        links = Link.objects.filter(source__in=runbooks[start : start + AT_ONCE])
        yield from links.filter(broken=True)
        for link in links.exclude(anchor=""):
            if link.target_id and not anchors.has(link.target_id, link.anchor):
                yield link


def _broken(document, link: Link, places) -> Broken:
    meant = () if link.target_id else places.targets(document.path, link.address)
    not_taken = next(filter(None, map(places.tree.why_not, meant)), "")
    missing = "there is no such section" if link.target_id else "there is no such file"
    target = link.address + (f"#{link.anchor}" if link.anchor else "")
    return Broken(document.path, link.line, target, not_taken or missing, bool(not_taken))


class Anchors:
    """The headings of the runbooks that links lead to, each read once."""

    def __init__(self):
        self.known: dict[int, set[str]] = {}
        self.places: dict[int, set[str]] = {}

    def has(self, runbook: int, anchor: str) -> bool:
        if runbook not in self.known:
            self.known[runbook] = self._read(runbook)
        return _loose(anchor) in self.known[runbook] or self._has_place(runbook, anchor)

    def _has_place(self, runbook: int, anchor: str) -> bool:
        """Whether the text names a place so that is no heading."""
        if runbook not in self.places:
            found = Runbook.objects.filter(pk=runbook).values_list("published__html", flat=True)
            self.places[runbook] = set(map(_loose, PLACE.findall(found.first() or "")))
        return _loose(anchor) in self.places[runbook]

    def _read(self, runbook: int) -> set[str]:
        row = Runbook.objects.filter(pk=runbook).values_list("title", "published__toc").first()
        title, toc = row or ("", None)
        return {
            _loose(title),
            *(_loose(entry["id"].removeprefix("h-")) for entry in toc or []),
        }


def _loose(anchor: str) -> str:
    """The letters of an anchor: generators of sites disagree about all else."""
    return re.sub(r"[^\w]+", "-", anchor.lower()).strip("-")


def repairable() -> Iterator[Runbook]:
    """The runbooks with a link that was broken when it was stored and leads somewhere now."""
    broken = Link.objects.filter(broken=True, source__published__isnull=False)
    sources = Runbook.objects.filter(links__in=broken).select_related("published").distinct()
    for runbook in sources.prefetch_related("links"):
        resolver = Resolver(runbook)
        paths = [link.address for link in runbook.links.all() if link.broken]
        if any(resolver.target(path) or resolver.image(path) for path in paths):
            yield runbook
