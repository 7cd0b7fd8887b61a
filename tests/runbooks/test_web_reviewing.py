"""From a draft to what readers see, by forms; and who may not."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.accounts.models import Team
from runbooks.models import Runbook, State

pytestmark = pytest.mark.django_db


def post(client, person, address, **data):
    client.force_login(person)
    return client.post(address, data)


@pytest.fixture
def draft(alice):
    runbook = Runbook.objects.start("Restart the queue", by=alice, text="1. Restart it.")
    return runbook.newest


def test_a_draft_is_submitted_approved_and_published(client, alice, paul, draft):
    address = draft.get_absolute_url()

    assert post(client, alice, f"{address}submit/").url == address
    assert post(client, paul, f"{address}approve/", note="Fine.").url == address
    assert post(client, paul, f"{address}publish/").url == draft.runbook.get_absolute_url()

    draft.refresh_from_db()
    assert (draft.state, draft.reviewer, draft.review_note) == (State.PUBLISHED, paul, "Fine.")


def test_findings_are_shown_to_those_who_decide_until_they_did(client, alice, paul):
    text = "See [it](gone-for-ever).\n\n1. Go {second}\n"
    draft = Runbook.objects.start("Drain it", by=alice, text=text, kind="recovery").newest
    draft.submit(by=alice)
    said = ("Missing section", "Broken link", "Unknown mark</b>, line 3", "No owner")
    for person in (alice, paul):
        client.force_login(person)
        for address in (draft.get_absolute_url(), f"{draft.get_absolute_url()}review/"):
            page = client.get(address, follow=True).content.decode()
            assert [word for word in said if word not in page] == []

    draft.approve(by=paul)
    draft.publish(by=paul)

    page = client.get(draft.get_absolute_url()).content.decode()
    assert [word for word in said if word in page] == []


def test_the_page_of_what_changes_has_no_button_to_itself(client, alice, disk):
    version = disk.draft("Better.", author=alice, based_on=1)
    version.submit(by=alice)
    client.force_login(alice)

    page = client.get(version.get_absolute_url()).content.decode()
    assert "What it changes" in page and "Compare with v1" not in page
    assert "Approvers were told" in page
    page = client.get(version.review_url, follow=True).content.decode()
    assert "What it changes" not in page and "Withdraw" in page
    assert f'href="{version.get_absolute_url()}"' in page and "<li>Review</li>" in page


def test_nobody_approves_their_own(client, paul):
    version = Runbook.objects.start("Mine", by=paul, text="Mine.").newest
    version.submit(by=paul)

    response = post(client, paul, f"{version.get_absolute_url()}approve/")

    assert response.status_code == 403
    assert b"someone else must approve it" in response.content


def test_ones_own_work_is_never_in_the_list_of_what_one_may_review(client_of, alice, paul, olga):
    others, mine = (
        Runbook.objects.start(title, by=by, text="1. Go.").newest
        for title, by in (("By somebody else", alice), ("By myself", paul))
    )
    for version in (others, mine):
        version.submit(by=version.author)

    offered = {
        person: [each for each in (others, mine) if each.review_url in home(client_of(person))]
        for person in (paul, olga, alice)
    }

    assert offered == {paul: [others], olga: [others, mine], alice: []}


def home(client) -> str:
    return client.get("/").content.decode()


ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/runbooks/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "http:evil.example",
    "http://testserver.evil.example/",
    "http://testserver@evil.example/",
    "http://testserver:80@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "\thttps://evil.example/",
]


@pytest.mark.parametrize("referer", ELSEWHERE)
def test_the_way_back_never_leads_elsewhere(client, paul, referer):
    page = refused(client, paul, referer)

    assert way_back(page) == "/"
    assert not re.search(r'(href|action|src)="[^"]*(evil|javascript:|data:text)', page)


def test_the_way_back_leads_to_the_page_that_asked(client, paul):
    assert way_back(refused(client, paul, "http://testserver/runbooks/?q=a")) == (
        "http://testserver/runbooks/?q=a"
    )


def refused(client, person, referer: str) -> str:
    """The page that refuses to approve one's own, asked from there."""
    version = Runbook.objects.start("Mine", by=person, text="Mine.").newest
    version.submit(by=person)
    client.force_login(person)
    answer = client.post(f"{version.get_absolute_url()}approve/", headers={"Referer": referer})
    assert answer.status_code == 403
    return answer.content.decode()


def way_back(page: str) -> str:
    """Where the button “Back” leads to."""
    (address,) = re.findall(
        r'<a class="btn[^"]*" href="([^"]*)"><svg[^>]*><use[^>]*></svg>Back<', page
    )
    return unescape(address)


def test_sending_back_needs_a_word(client, alice, paul, draft):
    draft.submit(by=alice)
    address = draft.get_absolute_url()

    empty = post(client, paul, f"{address}reject/", note="")
    assert empty.status_code == 400 and b"Say what should be changed." in empty.content

    post(client, paul, f"{address}reject/", note="Which queue?")
    draft.refresh_from_db()
    assert (draft.state, draft.review_note) == (State.REJECTED, "Which queue?")


def test_a_note_that_is_too_long_is_kept_in_the_form(client, alice, paul, draft):
    draft.submit(by=alice)
    long = "word " * 300

    response = post(client, paul, f"{draft.get_absolute_url()}approve/", note=long)

    assert response.status_code == 400 and long.strip().encode() in response.content


def test_the_second_click_is_told(client, alice, paul, draft):
    draft.submit(by=alice)
    address = f"{draft.get_absolute_url()}approve/"
    post(client, paul, address)

    again = post(client, paul, address)

    assert again.status_code == 409 and b"already approved" in again.content


@pytest.mark.parametrize("verb", ["submit", "approve", "reject", "publish", "withdraw", "restore"])
def test_readers_and_responders_may_not(client, nina, rita, disk, verb):
    for person in (nina, rita):
        address = f"{disk.version_url(1)}{verb}/"
        assert post(client, person, address, note="x").status_code == 403


@pytest.mark.parametrize("verb", ["approve", "reject", "publish"])
def test_authors_decide_nothing(client, alice, disk, verb):
    assert post(client, alice, f"{disk.version_url(1)}{verb}/", note="x").status_code == 403


@pytest.mark.parametrize("verb", ["archive", "unarchive"])
def test_authors_archive_nothing(client, alice, disk, verb):
    address = f"{disk.get_absolute_url()}{verb}/"
    assert post(client, alice, address).status_code == 403


def test_a_get_changes_nothing(client, paul, disk):
    client.force_login(paul)

    for verb in ("archive", "unarchive", "confirm-review", "feedback"):
        answer = client.get(f"{disk.get_absolute_url()}{verb}/")
        assert answer.url == disk.get_absolute_url()
    for verb in ("submit", "publish", "withdraw", "restore"):
        assert client.get(f"{disk.version_url(1)}{verb}/").url == disk.version_url(1)
    for verb in ("approve", "reject"):
        answer = client.get(f"{disk.version_url(1)}{verb}/")
        assert answer.url == f"{disk.version_url(1)}review/"


def test_an_old_version_becomes_a_new_draft(client, alice, disk):
    disk.draft("Worse.", author=alice, based_on=1)

    response = post(client, alice, f"{disk.version_url(1)}restore/")

    assert response.url == disk.version_url(3)
    assert disk.versions.get(number=3).text == disk.versions.get(number=1).text


def test_it_is_archived_and_taken_back(client, paul, nina, disk):
    address = disk.get_absolute_url()

    post(client, paul, f"{address}archive/")
    client.force_login(nina)
    assert b"Archived on" in client.get(address).content
    post(client, paul, f"{address}unarchive/")

    disk.refresh_from_db()
    assert disk.archived_at is None


def test_who_may_merge_chooses_the_other_from_a_list(client, paul, alice, disk):
    address = reverse("admin:runbooks_runbook_merge", args=[disk.pk])
    for person, may in ((alice, False), (paul, True)):
        client.force_login(person)
        page = client.get(disk.get_absolute_url()).content.decode()
        assert (f'href="{address}"' in page) is may, person
    assert client.get(address).status_code == 200


def test_a_no_asks_the_owner(client, nina, disk):
    post(client, nina, f"{disk.get_absolute_url()}feedback/", helpful="no", reason="Which disk?")

    disk.refresh_from_db()
    assert "Which disk?" in disk.review_asked
    assert disk.feedback.get().helpful is False


def test_a_review_that_is_asked_for_and_late_says_both(client, alice, disk):
    team = Team.objects.create(slug="db", name="Databases")
    team.members.add(alice)
    due = timezone.localdate() - timedelta(days=9)
    Runbook.objects.filter(pk=disk.pk).update(owner=team, review_due=due, review_asked="Is it?")
    client.force_login(alice)

    for address in ("/", "/runbooks/?attention=overdue", disk.get_absolute_url()):
        assert "Review asked, late by 9 days" in client.get(address).content.decode()


def test_home_shows_what_goes_stale_of_all_teams_the_longest_due_first(client, alice):
    today, teams = timezone.localdate(), [Team.objects.create(slug=n, name=n) for n in "abc"]
    for team in teams[:2]:
        team.members.add(alice)

    def make(title, team, days, **about):
        made = Runbook.objects.start(title, by=alice, owner=team)
        Runbook.objects.filter(pk=made.pk).update(review_due=today + timedelta(days), **about)

    make("Due yesterday", teams[0], -1)
    make("Long due", teams[1], -9)
    make("Asked, due later", teams[0], 30, review_asked="Is it?")
    make("Asked and due", teams[1], -5, review_asked="Is it?")
    make("Due today", teams[0], 0)
    make("Of others", teams[2], -9)
    make("Archived", teams[0], -9, archived_at=timezone.now())
    client.force_login(alice)

    page = client.get("/").content.decode().partition("Your runbooks due for review")[2]
    shown = re.findall(r'class="title" [^>]*>([^<]+)<', page)

    assert shown == ["Long due", "Asked and due", "Due yesterday", "Asked, due later"]


@pytest.mark.parametrize(
    "data", [{}, {"helpful": "perhaps"}, {"helpful": "no", "reason": "x" * 1001}]
)
def test_malformed_feedback_is_refused(client, nina, disk, data):
    response = post(client, nina, f"{disk.get_absolute_url()}feedback/", **data)

    assert response.status_code == 400
    assert not disk.feedback.exists()


def test_somebody_marks_it_as_reviewed_beside_the_text(client, alice, disk):
    disk.ask_review("Is it?")
    client.force_login(alice)
    page = client.get(disk.get_absolute_url()).content.decode()
    assert "Mark as reviewed" in page.partition("Is it still true?")[2].partition("</section>")[0]

    answer = post(client, alice, f"{disk.get_absolute_url()}confirm-review/")

    disk.refresh_from_db()
    assert disk.review_asked == ""
    day = date_format(disk.review_due)
    assert f"The next review is due on {day}." in client.get(answer.url).content.decode()


def test_a_comparison_marks_words_in_both_views(client, alice, disk):
    disk.draft(disk.published.text.replace("5 %", "7 %"), author=alice, based_on=1)
    client.force_login(alice)

    page = client.get(disk.compare_url(1, 2)).content.decode()

    assert "<del>5</del>" in page and "<ins>7</ins>" in page
    assert '<table class="diff">' in page


def test_the_review_leads_to_the_comparison_with_what_readers_see(client, alice, paul, disk, draft):
    disk.draft("Better.", author=alice, based_on=1)
    client.force_login(paul)

    assert client.get(f"{disk.version_url(2)}review/").url == disk.compare_url(1, 2)
    first = client.get(f"{draft.get_absolute_url()}review/")
    assert first.url == draft.runbook.compare_url(0, 1)
    assert client.get(first.url).status_code == 200


def test_two_versions_are_picked_by_a_form(client, nina, disk):
    client.force_login(nina)
    address = f"{disk.get_absolute_url()}compare/"

    assert client.get(address, {"old": "0", "new": "1"}).url == disk.compare_url(0, 1)
    for wrong in ({}, {"old": "x", "new": "1"}, {"old": "1", "new": "9" * 30}):
        assert client.get(address, wrong).status_code == 404
    assert client.get(disk.compare_url(1, 10**15)).status_code == 404


def test_home_says_what_waits_for_whom(client, alice, paul, draft):
    client.force_login(alice)
    assert b"Your drafts" in client.get("/").content

    draft.submit(by=alice)
    client.force_login(paul)
    assert b"Drafts to review" in client.get("/").content
    draft.approve(by=paul)
    assert b"Approved, not yet published" in client.get("/").content

    sent_back = draft.runbook.draft("2. No.", author=alice, based_on=1)
    sent_back.submit(by=alice)
    sent_back.reject(by=paul, note="Why not?")
    client.force_login(alice)
    assert b"Why not?" in client.get("/").content
