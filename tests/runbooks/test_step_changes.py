"""What a comparison says of the steps: changed, new or gone."""

import pytest

from runbooks.documents.step_changes import StepChanges
from runbooks.models import Version

BEFORE = ["Stop the old primary", "Promote the replica", "Tell the shop"]


def version(*titles: str, texts: dict | None = None) -> Version:
    steps = [{"title": title, "text": (texts or {}).get(title, title)} for title in titles]
    return Version(steps=steps, parameters=[])


def between(old: Version, new: Version) -> tuple[list, list, list]:
    changes = StepChanges.between(old, new)
    changed = [(each.was, each.now) for each in changes.changed]
    return changed, changes.added, changes.removed


def test_a_reworded_step_is_one_changed_step():
    after = [BEFORE[0], "Promote the newest replica", BEFORE[2]]

    found = between(version(*BEFORE), version(*after))

    assert found == ([("Promote the replica", "Promote the newest replica")], [], [])


def test_what_is_new_and_what_is_gone_stays_new_and_gone():
    found = between(version(*BEFORE), version(BEFORE[0], "Check disk space", BEFORE[1]))

    assert found == ([], ["Check disk space"], ["Tell the shop"])


def test_other_words_for_the_same_command_are_one_changed_step():
    command = "systemctl restart --no-block nginx.service"
    old = version("Bounce it", texts={"Bounce it": f"Bounce it\n{command}"})
    new = version("Restart nginx", texts={"Restart nginx": f"Restart nginx\n{command}"})

    assert between(old, new) == ([("Bounce it", "Restart nginx")], [], [])


def test_other_words_between_the_same_steps_are_one_changed_step():
    found = between(version(*BEFORE), version(BEFORE[0], "Bring up the standby", BEFORE[2]))
    assert found == ([("Promote the replica", "Bring up the standby")], [], [])

    found = between(version(*BEFORE), version(BEFORE[0], BEFORE[1], "Wait"))
    assert found == ([("Tell the shop", "Wait")], [], [])


def test_steps_of_one_title_are_counted_and_those_that_moved_are_as_they_were():
    assert between(version("Wait", "Go"), version("Wait", "Go", "Wait")) == ([], ["Wait"], [])
    assert between(version("Wait", "Go"), version("Go", "Wait")) == ([], [], [])


def test_nothing_changes_into_a_first_version():
    assert between(version(), version("Go")) == ([], ["Go"], [])


@pytest.mark.django_db
def test_the_page_says_what_was_reworded(disk, alice, client_of):
    text = disk.newest.text.replace("Rotate the logs.", "Rotate and compress the logs.")
    disk.draft(text, author=alice, based_on=1)

    page = client_of(alice).get("/runbooks/disk-fills-up/compare/1/2/").content.decode()
    aside = page[page.index("When followed") :]
    assert "<b>2</b> steps, 1 changed" in " ".join(aside.split())
    assert "Rotate <ins>and compress </ins>the logs." in aside
    assert "New step" not in aside
