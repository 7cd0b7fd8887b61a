"""The record of an incident as Markdown."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from incidents.models import Incident

from .record import Line, lines

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def of_incident(incident: Incident, user) -> str:
    """What it was, how it ended, and its timeline as this person may read it; times in UTC."""
    parts = [f"# {_plain(str(incident))}", *_facts(incident)]
    if incident.description:
        parts += ["", "## Description", "", _quoted(incident.description)]
    if incident.outcome:
        parts += ["", "## Outcome", "", _quoted(incident.outcome)]
    return "\n".join(parts) + "\n\n" + of_lines(lines(incident, user))


def of_lines(found: Iterable[Line]) -> str:
    """The timeline alone."""
    return "\n".join(["## Timeline", "", *map(_item, found)]) + "\n"


def _facts(incident: Incident) -> Iterator[str]:
    yield ""
    for name, value in facts(incident):
        yield f"- **{name}:** {_plain(value)}"


def facts(incident: Incident) -> list[tuple[str, str]]:
    """What is known of it, by name; without what is not."""
    version, into = incident.runbook_version, incident.merged_into
    found = [
        ("Severity", f"{incident.severity_name}{', drill' if incident.is_drill else ''}"),
        ("State", incident.get_state_display()),
        ("Services", ", ".join(str(each) for each in incident.services.all())),
        ("Owner", str(incident.owner or "")),
        ("Opened", _at(incident.declared_at)),
        ("Acknowledged", _at(incident.acknowledged_at)),
        ("Mitigated", _at(incident.mitigated_at)),
        ("Resolved", _at(incident.resolved_at)),
        ("Closed", _at(incident.closed_at)),
        ("Roles", ", ".join(_roles(incident))),
        ("Runbook", f"{version.runbook}, version {version.number}" if version else ""),
        ("Merged into", str(into) if into and not into.is_restricted else ""),
    ]
    return [(name, value) for name, value in found if value]


def _roles(incident: Incident) -> Iterator[str]:
    for row in incident.assignments.filter(until=None):
        yield f"{row.get_role_display()} {row.person_name}"


def _at(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else ""


def _item(line: Line) -> str:
    return f"- {line.time} UTC: " + _plain(line.said).replace("\n", "\n  ")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _plain(text: str) -> str:
    """As it is written: what people typed is no markup of this document."""
    return SPECIAL.sub(r"\\\1", text)
