"""Going back to an old text: one click in the history, and no second approval where none is due."""

import pytest
from django.urls import reverse

from portal.notifications.models import Delivery
from runbooks.models import Runbook, State
from runbooks.problems import ApprovalMissing, OwnWork, WrongState

pytestmark = pytest.mark.django_db
BACK = reverse("runbooks:restore", args=["disk-fills-up", 1])


@pytest.fixture
def changed(disk, alice, publish):
    """Its second version is what readers see."""
    publish(disk.draft("1. Worse", author=alice, based_on=1))
    Delivery.objects.all().delete()
    return Runbook.objects.get(pk=disk.pk)


def newest(runbook):
    return Runbook.objects.get(pk=runbook.pk).newest


def test_the_history_offers_it_for_all_but_the_newest(changed, alice, nina, client_of):
    page = client_of(alice).get(reverse("runbooks:history", args=[changed.slug])).content.decode()
    assert page.count("/restore/") == 1 and f'action="{BACK}"' in page

    read = client_of(nina).get(reverse("runbooks:history", args=[changed.slug])).content.decode()
    assert "/restore/" not in read


def test_an_approved_text_is_published_without_another_approval(changed, alice, paul, client_of):
    answer = client_of(paul).post(BACK, follow=True)

    version = newest(changed)
    assert (version.number, version.state, version.reviewer) == (3, State.IN_REVIEW, paul)
    assert version.is_approved and version.review_note == "Approved as v1"
    page = answer.content.decode()
    assert "v3 has the text of v1, which was approved" in page
    publish = reverse("runbooks:publish", args=[changed.slug, 3])
    assert f'action="{publish}"' in page
    client_of(paul).post(publish)
    shown = Runbook.objects.get(pk=changed.pk).published
    assert (shown.number, shown.text) == (3, changed.versions.get(number=1).text)


def test_an_approval_of_before_is_sent_back_by_somebody_else(changed, alice, paul, client_of):
    client_of(alice).post(BACK)
    version = newest(changed)
    page = client_of(paul).get(version.review_url, follow=True).content.decode()
    reject = reverse("runbooks:reject", args=[changed.slug, 3])
    assert f'action="{reject}"' in page and "Approved as v1" in page
    assert (
        f'action="{reject}"'
        not in client_of(alice).get(version.review_url, follow=True).content.decode()
    )
    with pytest.raises(OwnWork):
        version.reject(by=alice, note="No")

    client_of(paul).post(reject, {"note": "Which disk?"})
    assert newest(changed).state == State.REJECTED
    assert newest(changed).review_note == "Which disk?"


def test_who_may_not_publish_asks_those_who_may(changed, alice, paul, client_of):
    client_of(alice).post(BACK)

    assert newest(changed).is_approved
    [message] = Delivery.objects.all()
    assert (message.recipient, message.subject) == (paul, "To publish: Disk fills up")


@pytest.mark.parametrize("kind", ["deployment", "rollback", "configuration", "recovery"])
def test_what_changes_systems_is_reviewed_again(changed, alice, kind):
    changed.describe(kind=kind)
    version = changed.restore(1, by=alice)

    assert version.is_draft and version.reviewer is None


def test_a_kind_that_is_reviewed_again_takes_the_approval_of_a_restored_text(changed, alice, paul):
    changed.describe(kind="maintenance")
    changed.restore(1, by=alice)
    Delivery.objects.all().delete()
    changed.describe(kind="deployment", by=alice)

    version = newest(changed)
    assert version.state == State.IN_REVIEW and not version.is_approved
    assert [row.subject for row in Delivery.objects.all()] == ["To review: Disk fills up"]
    with pytest.raises(WrongState):
        version.publish(by=paul)
    version.approve(by=paul)
    changed.describe(kind="recovery")
    assert newest(changed).is_approved  # of its own


@pytest.fixture
def inherited(changed, alice, paul):
    """A maintenance runbook that shows v3 with the approval of v1."""
    changed.describe(kind="maintenance")
    changed.restore(1, by=alice).publish(by=paul)
    return Runbook.objects.get(pk=changed.pk)


def test_what_is_published_with_an_old_approval_does_not_become_a_deployment(
    inherited, alice, publish
):
    with pytest.raises(ApprovalMissing, match="v3 is published with the approval of v1"):
        inherited.describe(kind="deployment", title="Other", by=alice)
    now = Runbook.objects.get(pk=inherited.pk)
    assert (now.kind, now.title, now.published_number) == ("maintenance", "Disk fills up", 3)
    now.describe(kind="incident-response", review_days=10)  # where no second approval is asked

    publish(now.draft(now.published.text, author=alice, based_on=3))
    now.describe(kind="deployment", by=alice)
    assert Runbook.objects.get(pk=now.pk).kind == "deployment"


def test_pages_and_programs_are_told_that_the_approval_is_missing(
    inherited, alice, client_of, bearer
):
    address = reverse("runbooks:describe", args=[inherited.slug])
    fields = {"title": "Other", "slug": inherited.slug, "kind": "recovery", "review_days": "180"}
    fields |= {"section": "runbooks", "revision": str(inherited.revision)}
    answer = client_of(alice).post(address, fields)
    page = answer.content.decode()
    assert answer.status_code == 409 and "needs one of its own" in page and 'value="Other"' in page

    answer = bearer(alice).patch(
        reverse("api:runbook", args=[inherited.slug]),
        {"kind": "recovery"},
        content_type="application/json",
        headers={"If-Match": inherited.etag},
    )
    problem = answer.json()
    assert (answer.status_code, problem["errors"][0]["pointer"]) == (409, "/kind")
    assert problem["type"].endswith("approval-missing")


def test_the_administration_says_that_the_approval_is_missing(inherited, paul, client_of):
    address = reverse("admin:runbooks_runbook_change", args=[inherited.pk])
    fields = {"title": "Other", "slug": inherited.slug, "kind": "rollback", "review_days": "180"}
    fields |= {"section": "runbooks", "based_on": "3", "text": inherited.published.text}
    page = client_of(paul).post(address, fields).content.decode()

    assert "needs one of its own" in page and 'value="Other"' in page


def test_an_approval_that_was_taken_away_meanwhile_publishes_nothing(changed, alice, paul):
    changed.describe(kind="maintenance")
    seen = changed.restore(1, by=alice)
    changed.describe(kind="deployment")

    with pytest.raises(WrongState):
        seen.publish(by=paul)


def test_the_kind_that_counts_is_the_one_it_has_when_it_is_restored(changed, alice):
    changed.describe(kind="maintenance")
    before = Runbook.objects.get(pk=changed.pk)
    changed.describe(kind="deployment")

    assert before.restore(1, by=alice).is_draft


def test_a_text_that_was_never_approved_is_a_draft(changed, alice, client_of):
    changed.draft("1. Other", author=alice, based_on=2)
    changed.draft("1. Another", author=alice, based_on=3)
    page = (
        client_of(alice)
        .post(reverse("runbooks:restore", args=[changed.slug, 3]), follow=True)
        .content.decode()
    )

    assert newest(changed).is_draft
    assert "Submit it for a review." in page and "Submit for review" in page


def test_readers_restore_nothing(changed, nina, rita, client_of):
    for person in (nina, rita):
        assert client_of(person).post(BACK).status_code == 403


def test_what_comes_next_stands_on_the_page_after_a_save(alice, paul, client_of):
    fields = {"title": "New one", "kind": "reference", "text": "Text", "section": "runbooks"}
    fields["review_days"] = "180"
    writer, reviewer = client_of(alice), client_of(paul)
    page = writer.post(reverse("runbooks:new"), fields, follow=True).content.decode()
    submit = reverse("runbooks:submit", args=["new-one", 1])
    assert "v1 is saved as a draft." in page and f'action="{submit}"' in page
    detail = reverse("runbooks:detail", args=["new-one"])
    assert f'action="{submit}"' in writer.get(detail).content.decode()

    writer.post(submit)
    review = reverse("runbooks:review", args=["new-one", 1])
    assert f'href="{review}"' in reviewer.get(detail).content.decode()
    reviewer.post(reverse("runbooks:approve", args=["new-one", 1]), {"note": ""})
    publish = reverse("runbooks:publish", args=["new-one", 1])
    assert f'action="{publish}"' in reviewer.get(detail).content.decode()


def test_a_new_one_is_saved_and_submitted_at_once(alice, client_of):
    fields = {"title": "New one", "kind": "reference", "text": "Text", "section": "runbooks"}
    fields |= {"review_days": "180", "action": "submit"}
    client_of(alice).post(reverse("runbooks:new"), fields)

    assert Runbook.objects.get().newest.state == State.IN_REVIEW
