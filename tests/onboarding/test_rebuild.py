"""`rebuild`: what an earlier release rendered is rendered anew, in all kinds of texts."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.models import GuideVersion, Question
from runbooks.models import Runbook, Version

pytestmark = pytest.mark.django_db


def rebuild(*options) -> str:
    call_command("rebuild", *options, stdout=(said := StringIO()))
    return said.getvalue()


@pytest.fixture
def old(first_day, alice):
    """A guide, an answer and a runbook as an earlier release stored them."""
    first_day.publish(by=alice)
    question = Question(question="How?", answer="<!-- hidden -->\nSo.", topic="Access")
    question.write(by=alice)
    Runbook.objects.start("Stop", by=alice, text="1. Go.").adopt("1. Stop.", by=alice)
    version = GuideVersion.objects.get()
    new = version.content, version.hash, question.html, Runbook.objects.get().published.html
    steps = [{**step, "html": "<p>old</p>"} for step in version.steps]
    GuideVersion.objects.update(content={**version.content, "steps": steps}, hash="old")
    Question.objects.update(html="<p>old</p>")
    Version.objects.update(html="<p>old</p>")
    return new


def stored() -> tuple:
    version = GuideVersion.objects.get()
    return (
        version.content,
        version.hash,
        Question.objects.get().html,
        Runbook.objects.get().published.html,
    )


def test_guides_answers_and_runbooks_are_rendered_anew_by_one_command(old):
    changed_at = Question.objects.get().changed_at

    said = rebuild()

    assert stored() == old
    assert said.splitlines() == [
        "2 guides and answers were read; 2 were changed.",
        "1 texts were read; 1 were changed.",
    ]
    assert Question.objects.get().changed_at == changed_at
    assert "; 0 were changed." in rebuild()


def test_a_dry_run_changes_nothing(old):
    assert "2 guides and answers were read; 2 would be changed." in rebuild("--dry-run")
    assert "old" in stored()


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_each_guide_and_answer_is_a_transaction_of_its_own(old, options):
    """Else nobody writes on SQLite while all of them are rendered."""
    with CaptureQueriesContext(connection) as sent:
        call_command("rebuild_guides", *options, stdout=StringIO())

    begun = [each["sql"] for each in sent if each["sql"].startswith("SAVEPOINT")]
    assert len(begun) == 2 and sent[0]["sql"].startswith("SELECT")
