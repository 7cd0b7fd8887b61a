"""What a reviewer would object to in a text: shown beside every preview."""

import re
from dataclasses import dataclass

from portal.core.markdown import Rendered

from .deriving import Resolver
from .models import Runbook, Template

HEADING = re.compile(r"^## +(.+?)(?: +#+)? *$", re.MULTILINE)
WORDS = {
    "undeclared-parameter": "Undeclared parameter",
    "unused-parameter": "Unused parameter",
    "bad-parameter": "Parameter not understood",
    "bad-front-matter": "Front matter not understood",
    "missing-anchor": "Broken anchor",
    "missing-alt": "Image without description",
    "broken-link": "Broken link",
    "broken-image": "Broken image",
    "missing-section": "Missing section",
    "no-owner": "No owner",
}


@dataclass(frozen=True)
class Finding:
    """One thing to mend: a stable code, the line it is in (0: the whole), what exactly."""

    code: str
    line: int
    detail: str

    @property
    def title(self) -> str:
        return WORDS.get(self.code, self.code.replace("-", " ").capitalize())


def findings(runbook: Runbook | None, rendered: Rendered, kind: str) -> list[Finding]:
    """All findings of a text, in the order of its lines; `runbook` is None for a new one."""
    found = [_problem(problem) for problem in rendered.problems]
    found += _broken_links(runbook or Runbook(), rendered)
    found += _missing_sections(rendered, kind)
    if runbook and not runbook.owner_id:
        found.append(
            Finding(
                "no-owner",
                0,
                "No team owns this runbook: nobody is asked to review it.",
            )
        )
    return sorted(found, key=lambda finding: finding.line)


def _problem(problem: dict) -> Finding:
    return Finding(problem["code"], problem.get("line") or 0, problem.get("detail", ""))


def _broken_links(runbook: Runbook, rendered: Rendered) -> list[Finding]:
    resolver = Resolver(runbook)
    broken = []
    for link in rendered.links:
        path = link["target"].partition("#")[0]
        if _is_relative(path) and not resolver(link["target"]):
            code = "broken-image" if link["image"] else "broken-link"
            broken.append(Finding(code, link["line"] or 0, f"“{path}” leads nowhere."))
    return broken


def _is_relative(path: str) -> bool:
    """Whether the path must lead to something of ours: no scheme, no host, not from the root."""
    return bool(path) and ":" not in path.split("/")[0] and not path.startswith("/")


def _missing_sections(rendered: Rendered, kind: str) -> list[Finding]:
    template = Template.objects.filter(kind=kind).first()
    needed = HEADING.findall(template.text) if template else []
    present = {heading["title"].strip().lower() for heading in rendered.toc}
    return [
        Finding(
            "missing-section", 0, f"A runbook of this kind has a section “{title}”."
        )
        for title in needed
        if title.strip().lower() not in present
    ]
