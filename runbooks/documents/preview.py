"""A text as its page will show it, before anybody saves it: for the editor and the admin."""

from dataclasses import dataclass, field

from portal.core.markdown import MarkdownError, MarkdownTooLarge, Rendered, render
from runbooks.models import Runbook, Version

from .findings import Finding, findings
from .resolver import Resolver


@dataclass(frozen=True)
class Preview:
    """The rendered text and its findings, or why it is not rendered."""

    rendered: Rendered | None = None
    findings: list[Finding] = field(default_factory=list)
    refusal: str = ""
    status: int = 200


def previewed(text: str, *, runbook: Runbook | None, kind: str) -> Preview:
    """Never raises for a text: a refusal is part of the preview."""
    resolver = Resolver(runbook or Runbook())
    try:
        rendered = render(text, resolve=resolver)
    except MarkdownError as refusal:
        status = 413 if isinstance(refusal, MarkdownTooLarge) else 400
        return Preview(refusal=str(refusal), status=status)
    return Preview(rendered, findings(runbook, rendered, kind, resolver=resolver))


def findings_of(version: Version) -> list[Finding]:
    """What a reviewer would object to now; nothing of what is decided."""
    runbook = version.runbook
    if not version.is_open:
        return []
    return previewed(version.text, runbook=runbook, kind=runbook.kind).findings
