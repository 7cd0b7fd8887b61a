"""What is derived from a text once, when it is saved: HTML, steps, parameters, links."""

from posixpath import dirname, join, normpath


from portal.core.markdown import render

from .models import Image, Link, Runbook

PREFIX = "/runbooks/"


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
        if path.startswith("/"):
            return None
        return Image.objects.filter(source_path=self._file(path)).first()

    def _by_address(self, path: str) -> Runbook | None:
        if path.startswith(PREFIX):
            return Runbook.objects.at(path.removeprefix(PREFIX).split("/")[0])
        return Runbook.objects.at(path) if "/" not in path and "." not in path else None

    def _by_file(self, path: str) -> Runbook | None:
        if path.startswith("/"):
            return None
        file = self._file(path)
        names = [file, f"{file}.md", f"{file}/_index.md", f"{file}/index.md"]
        return Runbook.objects.filter(source_path__in=names).first()

    def _file(self, path: str) -> str:
        return normpath(join(dirname(self.runbook.source_path), path))


def derive(runbook, text: str) -> dict:
    """The derived fields of a version. Raises MarkdownError for a text that cannot be rendered."""
    rendered = render(text, resolve=Resolver(runbook))
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
    rendered = render(runbook.published.text)
    resolver = Resolver(runbook)
    runbook.links.all().delete()
    Link.objects.bulk_create(_link(runbook, resolver, link) for link in rendered.links)


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
        broken=bool(_is_inside(path) and not found and not path.startswith("/")),
    )


def _is_inside(path: str) -> bool:
    """Whether a path may lead to something of ours: no scheme, no host."""
    return bool(path) and ":" not in path.split("/")[0] and not path.startswith("//")
