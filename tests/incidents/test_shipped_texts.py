"""The documents of incident response say what stands in the database of a new portal."""

import re

import pytest
from django.conf import settings

from incidents.models import CommunicationTemplate, Role, Severity

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
DOCS = settings.BASE_DIR / "docs" / "incident-response"
NONE = "–"


def rows_below(document: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    part = (DOCS / document).read_text().partition(f"\n{heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def minutes(count: int | None) -> str:
    return f"{count} min" if count else NONE


def days(count: int | None, in_business_days: bool) -> str:
    return f"{count} {'business ' * in_business_days}days" if count else NONE


def yes(value: bool) -> str:
    return "yes" if value else "no"


def test_each_severity_means_what_the_table_says():
    assert rows_below("severities.md", "## What each severity means") == [
        [each.name, each.title, each.definition, "; ".join(each.examples.splitlines())]
        for each in Severity.objects.all()
    ]


def test_each_severity_has_the_clocks_of_the_table():
    assert rows_below("severities.md", "## Response targets") == [
        [
            each.name,
            minutes(each.acknowledge_minutes),
            minutes(each.notice_minutes),
            minutes(each.update_minutes),
            f"{minutes(each.slow_update_minutes)} after {minutes(each.slow_after_minutes)}"
            if each.slow_after_minutes
            else NONE,
            minutes(each.idle_minutes),
            days(each.review_days, each.review_in_business_days),
            days(each.action_days, each.actions_in_business_days),
        ]
        for each in Severity.objects.all()
    ]


def test_each_severity_calls_whom_the_matrix_says():
    assert rows_below("escalation-matrix.md", "## By severity") == [
        [
            each.name,
            yes(each.calls),
            yes(each.is_urgent),
            yes(each.needs_approval),
            ", ".join(each.audiences),
        ]
        for each in Severity.objects.all()
    ]


def test_the_roles_are_those_that_an_incident_has():
    text = (DOCS / "roles.md").read_text()
    assert re.findall(r"^\| (\w+) \|", text, re.MULTILINE)[1:] == Role.labels


def test_every_template_is_in_the_document_as_it_ships():
    text = (DOCS / "communication.md").read_text()
    templates = list(CommunicationTemplate.objects.all())

    assert len(templates) == 16
    for each in templates:
        internal = f"```text\n{each.subject}\n\n{each.internal_text}\n```"
        assert internal in text, each
        assert not each.public_text or f"```text\n{each.public_text}\n```" in text, each
