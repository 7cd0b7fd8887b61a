"""What is derived from a text once, when it is saved: HTML, steps, parameters, links.

The models call this, so it reaches their rows through the runbook that it is given.
"""

from typing import Any

from django.db import models
from django.urls import is_valid_path

from portal.core.markdown import Rendered, render

from .resolver import Resolver

KEPT_BY_RUNS = ("number", "title", "check", "second_person")


def derive(runbook, text: str, rendered: Rendered | None = None) -> dict:
    """The derived fields of a version. Raises MarkdownError for a text that cannot be rendered.

    `rendered` is the text, rendered already, with links that are Pending.
    """
    resolver = Resolver(runbook)
    if rendered is None:
        rendered = render(text, resolve=resolver)
    rendered = rendered.resolved(resolver)
    runbook.derived_links = (text, rendered.links, resolver)
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
    text = runbook.published.text
    derived_from, links, _ = getattr(runbook, "derived_links", (None, [], None))
    links = links if derived_from == text else render(text).links
    runbook.derived_links = (text, links, Resolver(runbook))  # what is where may have changed
    runbook.links.all().delete()
    runbook.links.model.objects.bulk_create(links_of(runbook))


def links_of(runbook) -> list[Any]:
    """The rows, not yet stored, of the links in the text that was derived last."""
    _, links, resolver = runbook.derived_links
    return [_link(runbook, resolver, link) for link in links]


def _link(runbook, resolver: Resolver, link: dict) -> models.Model:
    path = link["target"]
    target = resolver.target(path) if _is_inside(path) and not link["image"] else None
    found = target or (_is_inside(path) and resolver.image(path))
    return runbook.links.model(
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


def derive_again(runbook) -> bool:
    """Derive the published version anew. Returns whether that changed anything of it.

    For when something that its links lead to came or went, or texts are read otherwise since.
    """
    has_changed = renew(runbook.published, runbook)
    refresh_links(runbook)
    return has_changed


def renew(version, runbook) -> bool:
    """Derive a version of this runbook anew. Returns whether that changed anything.

    Its runs go by the numbers and titles of its steps: where these would become others, it keeps
    the steps that it has; and its parameters, where one is not understood any more, for without it
    a run would begin with a gap in a command. Raises MarkdownError as `derive` does.
    """
    derived = derive(runbook, version.text)
    if bad_parameters(derived["problems"]):
        del derived["parameters"]
    if _outline(derived["steps"]) != _outline(version.steps) and version.runs.exists():
        del derived["steps"]
    changed = {name: new for name, new in derived.items() if new != getattr(version, name)}
    if changed:
        type(version).objects.filter(pk=version.pk).update(**changed)
    return bool(changed)


def bad_parameters(problems: list[dict]) -> list[str]:
    """What is wrong with the parameters of a text, a sentence each."""
    return [each["detail"] for each in problems if each["code"] == "bad-parameter"]


def _outline(steps: list[dict]) -> list[tuple]:
    """What a run has of its steps."""
    return [tuple(step[name] for name in KEPT_BY_RUNS) for step in steps]
