"""What is derived from a text once, when it is saved: HTML, steps, parameters, links."""

from collections.abc import Iterator
from posixpath import dirname, join, normpath

from django.urls import is_valid_path

from portal.core.markdown import render
from runbooks.models import Image, Link, Runbook

PREFIX = "/runbooks/"
FILE_ENDS = ("", ".md", "/_index.md", "/index.md", "/README.md")
DEEPEST = 20


class Resolver:
    """Finds what a relative link or image in a runbook's text means, as files and as addresses."""

    def __init__(self, runbook):
        self.runbook = runbook
        self.found: dict[str, Runbook | None] = {}

    def __call__(self, target: str) -> str | None:
        """The address for a link as written; None leaves it as it is."""
        path, hash_, anchor = target.partition("#")
        if not path or ":" in path.split("/")[0] or path.startswith("//"):
            return None
        image = self.image(path)
        if image:
            return image.get_absolute_url()
        runbook = self.target(path)
        return runbook.get_absolute_url() + hash_ + anchor if runbook else None

    def target(self, path: str) -> Runbook | None:
        """The runbook that a path leads to: an address, a file beside this one, or a slug."""
        if path not in self.found:
            self.found[path] = self._by_address(path) or self._by_file(path)
        return self.found[path]

    def image(self, path: str) -> Image | None:
        return Image.objects.filter(source_path__in=self._files(path)).first()

    def _by_address(self, path: str) -> Runbook | None:
        if path.startswith(PREFIX):
            return Runbook.objects.at(path.removeprefix(PREFIX).split("/")[0])
        return Runbook.objects.at(path) if "/" not in path and "." not in path else None

    def _by_file(self, path: str) -> Runbook | None:
        names = [f"{file}{end}" for file in self._files(path) for end in FILE_ENDS]
        found = {row.source_path: row for row in Runbook.objects.filter(source_path__in=names)}
        return next((found[name] for name in names if name in found), None)

    def _files(self, path: str) -> list[str]:
        """The files that a path may mean: beside this one, or below any folder above it.

        Where the root of a site was, to which `/docs/page/` is relative, nobody wrote down.
        """
        folder = dirname(self.runbook.source_path)
        if not path.startswith("/"):
            return [normpath(join(folder, path))]
        parts = folder.split("/")[:DEEPEST]
        tops = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return [normpath(join(top, path.lstrip("/"))) for top in tops]


def derive(runbook, text: str) -> dict:
    """The derived fields of a version. Raises MarkdownError for a text that cannot be rendered."""
    rendered = render(text, resolve=Resolver(runbook))
    runbook.derived_links = (text, rendered.links)
    return {
        "html": rendered.html,
        "plain": rendered.plain,
        "lede": rendered.lede[:300],
        "toc": rendered.toc,
        "steps": rendered.steps,
        "parameters": rendered.parameters,
        "problems": rendered.problems,
    }


def refresh_links(runbook) -> None:
    """Store the links of the published text anew, with the runbooks that they lead to."""
    resolver, text = Resolver(runbook), runbook.published.text
    derived_from, links = getattr(runbook, "derived_links", (None, []))
    if derived_from != text:
        links = render(text).links
    runbook.links.all().delete()
    Link.objects.bulk_create(_link(runbook, resolver, link) for link in links)


def _link(runbook, resolver: Resolver, link: dict) -> Link:
    path = link["target"].partition("#")[0]
    target = resolver.target(path) if _is_inside(path) and not link["image"] else None
    found = target or (link["image"] and resolver.image(path))
    return Link(
        source=runbook,
        target=target,
        address=link["target"][:2000],
        anchor=link["anchor"][:500],
        text=link["text"][:500],
        line=link["line"] or 0,
        broken=_is_inside(path) and not found and not _is_page(path),
    )


def _is_inside(path: str) -> bool:
    """Whether a path may lead to something of ours: no scheme, no host."""
    return bool(path) and ":" not in path.split("/")[0] and not path.startswith("//")


def _is_page(path: str) -> bool:
    """Whether an absolute path is an address of the portal itself."""
    return path.startswith("/") and any(map(is_valid_path, (path, f"{path}/")))


def derive_again(runbook) -> None:
    """Derive the published version anew, after something that its links lead to came or went."""
    derived = derive(runbook, runbook.published.text)
    type(runbook.published).objects.filter(pk=runbook.published_id).update(**derived)
    refresh_links(runbook)


def mendable() -> Iterator[Runbook]:
    """The runbooks with a link that was broken when it was stored and leads somewhere now."""
    broken = Link.objects.filter(broken=True, source__published__isnull=False)
    sources = Runbook.objects.filter(links__in=broken).select_related("published").distinct()
    for runbook in sources.prefetch_related("links"):
        resolver = Resolver(runbook)
        paths = [link.address for link in runbook.links.all() if link.broken]
        if any(resolver.target(path) or resolver.image(path) for path in paths):
            yield runbook
