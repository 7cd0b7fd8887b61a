"""Where the relative links and images of a text lead, as files and as addresses."""

from posixpath import dirname, join, normpath
from typing import Any

from django.utils.text import slugify

from portal.core.markdown.files import ENDINGS

PREFIX = "/runbooks/"
INDEXES = ("/_index", "/index", "/README")
FILE_ENDS = ("", *(name + ending for name in ("", *INDEXES) for ending in ENDINGS))
DEEPEST = 20


class Resolver:
    """Finds what a relative link or image in a runbook's text means, as files and as addresses."""

    def __init__(self, runbook):
        self.runbook = runbook
        self.runbooks = type(runbook).objects
        self.images = type(runbook).images.rel.related_model.objects
        self.found: dict[str, Any] = {}
        self.pictures: dict[str, Any] = {}

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

    def target(self, path: str) -> Any:
        """The runbook that a path leads to: an address, a file beside this one, or a slug."""
        if path not in self.found:
            self.found[path] = self._by_address(path) or self._by_file(path)
        return self.found[path]

    def image(self, path: str) -> Any:
        if path not in self.pictures:
            found = self.images.filter(source_path__in=self._files(path))
            self.pictures[path] = found.first()
        return self.pictures[path]

    def _by_address(self, path: str) -> Any:
        if path.startswith(PREFIX):
            return self.runbooks.at(path.removeprefix(PREFIX).split("/")[0])
        if "/" in path or "." in path:
            return None
        return self.runbooks.at(path) or (self.runbooks.at(slugify(path)) if " " in path else None)

    def _by_file(self, path: str) -> Any:
        names = [f"{file}{end}" for file in self._files(path) for end in FILE_ENDS]
        found = {row.source_path: row for row in self.runbooks.filter(source_path__in=names)}
        return next((found[name] for name in names if name in found), None)

    def _files(self, path: str) -> list[str]:
        """The files that a path may mean: beside this one, or below any folder above it.

        Where the root of a site was, to which `/docs/page/` is relative, nobody wrote down.
        """
        folder = dirname(self.runbook.source_path)
        if not path.startswith("/"):  # a wiki names a page with spaces and its file with hyphens
            names = dict.fromkeys((path, path.replace(" ", "-")))
            return [normpath(join(folder, name)) for name in names]
        parts = folder.split("/")[:DEEPEST]
        tops = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return [normpath(join(top, path.lstrip("/"))) for top in tops]
