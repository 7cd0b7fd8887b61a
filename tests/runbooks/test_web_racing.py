"""Two people press “Save” in the same moment: one saves, the other merges."""

import pytest
from django.test import Client

from runbooks.models import Runbook, WorkingCopy
from tests.runbooks.test_concurrency import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]


def test_of_two_editors_at_once_one_saves_and_the_other_merges(alice, paul):
    runbook = Runbook.objects.start("Raced", by=alice, text="One.\n\nTwo.\n")
    people = [(alice, "First."), (paul, "Last.")]

    def save(index):
        person, text = people[index]
        client = Client()
        client.force_login(person)
        data = {"text": text, "based_on": 1, "note": ""}
        return client.post(f"{runbook.get_absolute_url()}edit/", data).status_code

    answers = at_once(2, save)

    assert sorted(answers) == [302, 409]
    saved = {runbook.versions.get(number=2).text, WorkingCopy.objects.get().text}
    assert saved == {"First.", "Last."}
