"""The list of guides, the page of one, the whole on one page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Assignment, Guide, Progress, Question, Step
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


def make_guide(title, by, **about):
    guide = Guide.objects.start(title, by=by, **about)
    Step.objects.add(guide, by=by, title="Look")
    guide.publish(by=by)
    return Guide.objects.get(pk=guide.pk)


def headings(page: str) -> list[str]:
    """What the page itself is divided into; the rail has headings of its own."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return [part.split("</h2>")[0].strip() for part in main.split("<h2>")[1:]]


def test_the_list_says_what_is_asked_begun_meant_for_me_and_for_others(
    published, nina, alice, client_of
):
    late = make_guide("Late", alice)
    day = timezone.localdate() - timedelta(days=2)
    before = timezone.now() - timedelta(days=9)
    Assignment.objects.assign(late, by=alice, user=nina, due_on=day, at=before)
    Progress.objects.start(published, by=nina)
    make_guide("Reading", alice, roles=["reader"])
    make_guide("Reviewing", alice, roles=["approver"])

    page = client_of(nina).get("/guides/").content.decode()

    assert headings(page) == [
        "Assigned to you",
        "In progress",
        "For you as reader",
        "All others",
    ]
    assert "Late by 2 days" in page
    assert "0 of 2 steps done" in page
    assert 'count">2<' in page  # the rail


def test_assigned_through_three_ways_it_stands_there_once_with_the_earliest_day(
    published, nina, alice, client_of
):
    published.owner.members.add(nina)
    today = timezone.localdate()
    Assignment.objects.assign(published, by=alice, team=published.owner, due_on=today)
    Assignment.objects.assign(published, by=alice, user=nina, due_on=today + timedelta(days=9))

    page = client_of(nina).get("/guides/").content.decode()

    assert page.count(">First day</a>") == 1
    assert "Due today" in page


def test_what_was_completed_is_no_task_any_more(begun, nina, alice, client_of):
    Assignment.objects.assign(begun.guide, by=alice, user=nina)
    for key in begun.version.keys:
        begun.done(key)

    page = client_of(nina).get("/guides/").content.decode()

    assert "You are asked" not in page
    assert "You completed" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=first", True),
        ("q=find+way", True),
        ("q=nowhere", False),
        ("show=done", False),
        ("show=open", True),
        ("show=nonsense", True),
        ("q=%00", True),
        (f"q={'x' * 300}", True),  # too long: not searched for
        ("page=99", True),
    ],
)
def test_it_is_narrowed_by_words_and_state(query, found, published, nina, client_of):
    page = client_of(nina).get(f"/guides/?{query}").content.decode()

    assert (">First day</a>" in page) is found
    assert ("No guide fits" in page) is not found


def test_an_empty_list_says_what_to_do(nina, alice, client_of):
    assert "runbooks say" in client_of(nina).get("/guides/").content.decode()
    assert "Write the first one" in client_of(alice).get("/guides/").content.decode()


def test_the_page_says_what_it_is_for_and_what_comes_first(reading, published, nina, alice):
    before = make_guide("Sign in", alice)
    published.describe(by=alice, prerequisites=[before])
    published.publish(by=alice)
    question = Question(slug="where", topic="Start", question="Where is it?", answer="*Here*.")
    question.write()
    question.guides.add(published)

    page = reading(nina).text_shown
    assert "You find your way." in page
    assert "about 5 minutes" in page
    assert "Not done yet" in page
    assert "/guides/questions/?question=where#where" in page
    assert ">Start</button>" in page
    Progress.objects.start(before, by=nina).done(before.published.keys[0])
    assert "Not done yet" not in reading(nina).text_shown


def test_an_older_version_may_be_finished_or_left_for_the_new_one(reading, begun, nina, alice):
    begun.done(begun.version.keys[0])
    guide = Guide.objects.get(pk=begun.guide_id)
    Step.objects.add(guide, by=alice, title="Brand new")
    guide.publish(by=alice)

    page = reading(nina).text_shown
    assert "v2 was published since" in page
    assert "Brand new" not in page
    page = reading(nina, "move-over/", {}, follow=True).text_shown
    assert "You follow v2 now" in page
    assert "1 of 3 done" in page
    assert "Brand new" in page


def test_who_completed_confirms_where_the_guide_asks(reading, begun, nina, alice):
    guide = Guide.objects.get(pk=begun.guide_id)
    assert reading(nina, "acknowledge/", {}).status_code == 409
    guide.describe(by=alice, asks_acknowledgement=True)
    guide.publish(by=alice)
    begun = Progress.objects.get(pk=begun.pk)
    begun.move_over()
    for key in begun.version.keys:
        begun.done(key)

    assert "I read and understood it" in reading(nina).text_shown
    page = reading(nina, "acknowledge/", {}, follow=True).text_shown
    assert "Noted: you read" in page
    assert "I read and understood it" not in page


def test_an_archived_guide_says_so_and_who_is_in_the_middle_may_finish(
    reading, begun, nina, rita, alice
):
    Guide.objects.get(pk=begun.guide_id).archive(by=alice)

    assert "may finish it" in reading(nina).text_shown
    assert "Continue" in reading(nina).text_shown
    assert "nobody can start it" in reading(rita).text_shown
    assert ">Start</button>" not in reading(rita).text_shown
    assert reading(rita, "start/", {}).status_code == 409


def test_what_is_not_published_is_seen_by_authors_only(first_day, nina, alice, client_of):
    key = first_day.steps.first().key
    for place in ("", "all/", f"steps/{key}/"):
        assert client_of(nina).get(f"/guides/first-day/{place}").status_code == 404
        page = client_of(alice).get(f"/guides/first-day/{place}")
        assert "not published yet" in page.content.decode()
    assert client_of(nina).post("/guides/first-day/start/").status_code == 404
    assert client_of(alice).post("/guides/first-day/start/").status_code == 409


def test_the_whole_stands_on_one_page_with_its_pictures(reading, nina):
    page = reading(nina, "all/").text_shown

    assert page.count('class="guide-body whole-step"') == 2
    assert "<image href=" in page
    assert 'id="callout-1-1"' in page
    assert "sha256" in page
    assert "You should see" in page


def test_authors_may_rename_and_readers_keep_what_was_published(reading, published, nina, alice):
    published.describe(by=alice, title="Renamed")

    assert "<h1>First day</h1>" in reading(nina).text_shown


@pytest.mark.parametrize(
    "place", ["/guides/", "/guides/first-day/", "/guides/first-day/all/", "/guides/me/"]
)
def test_without_the_permission_nothing_is_shown(place, published, client_of):
    nobody = User.objects.create_user("nobody", password="x")

    assert client_of(nobody).get(place).status_code == 403


def test_what_is_recorded_tells_of_favourites_and_of_pages_that_the_browser_remembers(
    client_of, nina
):
    page = client_of(nina).get("/guides/me/").content.decode()

    assert f'<a href="{reverse("favourites")}">Your favourites</a> are kept' in page
    assert "data-clear-recents hidden" in page
