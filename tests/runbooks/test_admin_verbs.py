"""The buttons of a runbook in the admin: what each does, for whom, and what it refuses."""

import pytest
from django.urls import reverse

from runbooks.models import Runbook, State

VERBS = (
    "submit",
    "approve",
    "reject",
    "publish",
    "withdraw",
    "confirm_review",
    "archive",
    "unarchive",
)
FOR_APPROVERS = {"approve", "reject", "publish", "archive", "unarchive"}


def address(runbook, verb: str) -> str:
    return reverse("admin:runbooks_runbook_verb", args=[runbook.pk, verb])


def press(browser, runbook, verb: str, **fields):
    fields.setdefault("version", runbook.head)
    return browser.post(address(runbook, verb), fields, follow=True)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def now(runbook):
    return Runbook.objects.get(pk=runbook.pk)


@pytest.fixture
def draft(alice, disk):
    disk.draft("A better text.", author=alice, based_on=1, note="Better")
    return disk


@pytest.fixture
def in_review(alice, draft):
    draft.newest.submit(by=alice)
    return draft


def test_a_draft_goes_all_the_way_to_the_readers(client_of, alice, paul, draft):
    press(client_of(alice), draft, "submit")
    assert now(draft).newest.state == State.IN_REVIEW
    press(client_of(paul), draft, "approve", note="Good")
    assert now(draft).newest.is_approved
    press(client_of(paul), draft, "publish")

    assert now(draft).published.number == 2
    assert now(draft).published.review_note == "Good"


def test_nobody_approves_what_they_wrote(client_of, paul, disk):
    disk.draft("By Paul.", author=paul, based_on=1)
    disk.newest.submit(by=paul)

    assert "someone else must approve it" in said(press(client_of(paul), disk, "approve"))
    assert not now(disk).newest.is_approved
    page = client_of(paul).get(reverse("admin:runbooks_runbook_change", args=[disk.pk]))
    assert "approve" not in {verb.name for verb in page.context["verbs"]}


def test_sending_back_needs_a_reason(client_of, paul, in_review):
    assert "Say what has to change" in said(press(client_of(paul), in_review, "reject"))
    press(client_of(paul), in_review, "reject", note="Step 2 is missing")

    assert now(in_review).newest.state == State.REJECTED
    assert now(in_review).newest.review_note == "Step 2 is missing"


def test_withdrawing_gives_up_the_draft(client_of, alice, draft):
    press(client_of(alice), draft, "withdraw")

    assert now(draft).open_version is None


def test_archived_and_taken_back(client_of, paul, disk):
    press(client_of(paul), disk, "archive")
    assert now(disk).archived_at
    press(client_of(paul), disk, "unarchive")
    assert not now(disk).archived_at


def test_a_review_is_confirmed(client_of, alice, disk):
    disk.ask_review("Looks old")
    press(client_of(alice), disk, "confirm_review")

    assert now(disk).review_asked == ""


def test_an_old_version_is_restored_with_its_approval(client_of, alice, paul, draft):
    browser = client_of(alice)
    browser.post(reverse("admin:runbooks_runbook_restore", args=[draft.pk]), {"version": 1})

    restored = now(draft).newest
    assert (restored.number, restored.restored_from) == (3, 1)
    assert restored.is_approved and restored.reviewer == paul


def test_merging_leads_address_and_alerts_to_the_other(client_of, alice, paul, disk):
    other = Runbook.objects.start("Storage", by=alice, text="Text")
    other.adopt("Text")
    merge = reverse("admin:runbooks_runbook_merge", args=[disk.pk])
    browser = client_of(paul)
    assert browser.get(merge).status_code == 200
    browser.post(merge, {"target": other.slug})

    assert now(disk).merged_into == other
    assert Runbook.objects.answering("DiskFillsUp") == other


def test_merging_into_itself_or_nothing_is_refused(client_of, paul, disk):
    merge = reverse("admin:runbooks_runbook_merge", args=[disk.pk])
    for other in (disk.slug, "nobody", "", "x" * 300):
        response = client_of(paul).post(merge, {"target": other}, follow=True)
        assert response.status_code == 200
    assert not now(disk).merged_into


def test_merging_into_a_draft_says_what_to_do_first(client_of, alice, paul, disk):
    other = Runbook.objects.start("Storage", by=alice, text="Text")
    merge = reverse("admin:runbooks_runbook_merge", args=[disk.pk])

    answer = client_of(paul).post(merge, {"target": other.slug}, follow=True)
    assert "publish it first" in said(answer)
    assert Runbook.objects.answering("DiskFillsUp") == disk


def test_the_second_of_two_clicks_is_told(client_of, alice, draft):
    browser = client_of(alice)
    press(browser, draft, "submit")

    assert "is in review, not draft" in said(press(browser, draft, "submit"))


def test_a_button_acts_on_the_version_it_was_shown_for(client_of, alice, paul, in_review):
    in_review.draft("Changed after Paul read it.", author=alice, based_on=2)
    press(client_of(paul), in_review, "approve", version=2)

    assert not now(in_review).newest.is_approved


@pytest.mark.parametrize("number", ["", "0", "99", "-1", "x", "²", "9" * 30])
def test_a_version_that_is_not_there_is_refused(client_of, alice, draft, number):
    assert "no such version" in said(press(client_of(alice), draft, "submit", version=number))


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_are_posts_with_a_token(client_of, paul, disk, verb):
    assert client_of(paul).get(address(disk, verb)).status_code == 405
    careful = client_of(paul, enforce_csrf_checks=True)
    assert careful.post(address(disk, verb), {"version": 1}).status_code == 403


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_press_it(client_of, people, in_review, verb):
    allowed = {"approver", "operator"} | (set() if verb in FOR_APPROVERS else {"author"})
    for role, person in people.items():
        before = now(in_review).revision
        response = client_of(person).post(address(in_review, verb), {"version": 0}, follow=True)
        assert response.status_code == (200 if role in allowed else 403), role
        assert role in allowed or now(in_review).revision == before, role


def test_authors_neither_merge_nor_archive_nor_see_the_buttons(client_of, alice, disk):
    browser = client_of(alice)
    assert browser.get(reverse("admin:runbooks_runbook_merge", args=[disk.pk])).status_code == 403
    page = browser.get(reverse("admin:runbooks_runbook_change", args=[disk.pk]))
    assert {verb.name for verb in page.context["verbs"]} == set()
    assert not page.context["may_merge"]


def test_nothing_here_or_no_such_verb_is_404(client_of, paul, disk):
    browser = client_of(paul)
    assert browser.post(address(disk, "explode")).status_code == 404
    assert browser.post(f"/admin/runbooks/runbook/{disk.pk + 99}/verbs/archive/").status_code == 404


def test_runbooks_and_versions_are_never_deleted(client_of, olga, disk):
    browser = client_of(olga)
    for model, key in (("runbook", disk.pk), ("version", disk.published.pk)):
        address = reverse(f"admin:runbooks_{model}_delete", args=[key])
        assert browser.post(address, {"post": "yes"}).status_code == 403
