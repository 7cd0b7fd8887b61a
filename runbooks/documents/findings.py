"""What a reviewer would object to in a text: shown beside every preview."""

import re
from dataclasses import dataclass

from portal.architecture.catalog.graph import Graph
from portal.architecture.diagrams.blocks import has_blocks, problems_of
from portal.core.markdown import Rendered
from portal.core.markdown.comments import COMMENT
from portal.core.markdown.headings import PREFIX
from runbooks.models import Runbook, Template

from .resolver import Resolver

LINKS_AT_MOST = 200
# Possessive, and spaces from their first on: many of them take no longer than other letters.
HEADING = re.compile(r"^## ++(.+?)(?:(?<! ) ++#++)?(?:(?<! ) ++)?$", re.MULTILINE)
WORDS = {
    "undeclared-parameter": "Undeclared parameter",
    "unused-parameter": "Unused parameter",
    "bad-parameter": "Parameter not understood",
    "bad-front-matter": "Front matter not understood",
    "left-as-text": "Shown as text",
    "missing-anchor": "Broken anchor",
    "missing-alt": "Image without description",
    "broken-link": "Broken link",
    "broken-image": "Broken image",
    "unknown-mark": "Unknown mark",
    "missing-section": "Missing section",
    "no-owner": "No owner",
    "dead-diagram": "Diagram cannot be drawn",
}


@dataclass(frozen=True)
class Finding:
    """One thing to fix: a stable code, the line it is in (0: the whole), what exactly."""

    code: str
    line: int
    detail: str

    @property
    def title(self) -> str:
        return WORDS.get(self.code, self.code.replace("-", " ").capitalize())


def findings(
    runbook: Runbook | None, rendered: Rendered, kind: str, *, resolver: Resolver | None = None
) -> list[Finding]:
    """All findings of a text, in the order of its lines; `runbook` is None for a new one.

    `resolver` is the one that rendered the text, so that nothing is looked up twice.
    """
    found = [_problem(problem) for problem in rendered.problems]
    found += _broken_links(resolver or Resolver(runbook or Runbook()), rendered)
    found += _missing_sections(rendered, kind)
    found += _diagrams(rendered)
    if runbook and not runbook.owner_id:
        detail = "No team owns this runbook: nobody is asked to review it."
        found.append(Finding("no-owner", 0, detail))
    return sorted(found, key=lambda finding: finding.line)


def _problem(problem: dict) -> Finding:
    return Finding(problem["code"], problem.get("line") or 0, problem.get("detail", ""))


def _broken_links(resolver: Resolver, rendered: Rendered) -> list[Finding]:
    inside = [link for link in rendered.links if _is_ours(link["target"])]
    return [found for link in inside[:LINKS_AT_MOST] if (found := _broken(resolver, link))]


def _broken(resolver: Resolver, link: dict) -> Finding | None:
    """What is wrong with one link or image, or None."""
    path, line = link["target"], link["line"] or 0
    if not resolver(path):
        code = "broken-image" if link["image"] else "broken-link"
        return Finding(code, line, f"“{path}” leads nowhere.")
    target = None if link["image"] or not link["anchor"] else resolver.target(path)
    if target and not _has_anchor(target, link["anchor"]):
        return Finding("missing-anchor", line, f"“{target}” has no section #{link['anchor']}.")
    return None


def _has_anchor(target: Runbook, anchor: str) -> bool:
    version = target.published or target.newest
    return bool(version) and (
        PREFIX + anchor in {entry["id"] for entry in version.toc}
        or f'id="{PREFIX}{anchor}"' in version.html
    )


def _is_ours(path: str) -> bool:
    """Whether a path must lead to a runbook or picture: no scheme, no host."""
    inside = bool(path) and ":" not in path.split("/")[0] and not path.startswith("//")
    return inside and (not path.startswith("/") or path.startswith("/runbooks/"))


def _diagrams(rendered: Rendered) -> list[Finding]:
    """Views of the catalog that cannot be drawn: mostly of something that no longer exists."""
    if not has_blocks(rendered.html):
        return []
    problems = problems_of(rendered.html, Graph.load())
    return [Finding("dead-diagram", 0, problem) for problem in problems]


def _missing_sections(rendered: Rendered, kind: str) -> list[Finding]:
    template = Template.objects.filter(kind=kind).first()
    needed = HEADING.findall(COMMENT.sub("", template.text)) if template else []
    present = {heading["title"].strip().lower() for heading in rendered.toc}
    return [
        Finding("missing-section", 0, f"A runbook of this kind needs a section “{title}”.")
        for title in needed
        if title.strip().lower() not in present
    ]
