"""Where the relative links and images of a text lead, as files and as addresses."""

from typing import Any

from django.utils.text import slugify

from .link_paths import documents_of, places_of

PREFIX = "/runbooks/"


class Resolver:
    """Finds what a relative link or image in a runbook's text means, as files and as addresses."""

    def __init__(self, runbook):
        self.runbook = runbook
        self.runbooks = type(runbook).objects
        self.images = type(runbook).images.rel.related_model.objects
        self.found: dict[str, Any] = {}
        self.pictures: dict[str, Any] = {}

    def __call__(self, path: str) -> str | None:
        """The address for the path of a link, without its anchor; None leaves it as written."""
        if not path or ":" in path.split("/")[0] or path.startswith("//"):
            return None
        image = self.image(path)
        if image:
            return image.get_absolute_url()
        runbook = self.target(path)
        return runbook.get_absolute_url() if runbook else None

    def target(self, path: str) -> Any:
        """The runbook that a path leads to: an address, a file beside this one, or a slug."""
        if path not in self.found:
            self.found[path] = self._by_address(path) or self._by_file(path)
        return self.found[path]

    def image(self, path: str) -> Any:
        if path not in self.pictures:
            names = places_of(self.runbook.source_path, path)
            found = {row.source_path: row for row in self.images.filter(source_path__in=names)}
            self.pictures[path] = next((found[name] for name in names if name in found), None)
        return self.pictures[path]

    def _by_address(self, path: str) -> Any:
        if path.startswith(PREFIX):
            return self.runbooks.at(path.removeprefix(PREFIX).split("/")[0])
        if "/" in path or "." in path:
            return None
        return self.runbooks.at(path) or (self.runbooks.at(slugify(path)) if " " in path else None)

    def _by_file(self, path: str) -> Any:
        names = documents_of(self.runbook.source_path, path)
        found = {row.source_path: row for row in self.runbooks.filter(source_path__in=names)}
        return next((found[name] for name in names if name in found), None)
