"""Whom a runbook concerns hears what becomes of it: once, and never what they did themselves."""

import pytest

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.notifications.models import Delivery
from runbooks.models import Run, Runbook, RunState
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rose(db):
    """A second approver, of no team."""
    return make_person("rose", "approver")


@pytest.fixture
def owned(disk, alice, paul, rita, rose):
    """Published, of a team of an author, an approver and a responder; nobody was told yet."""
    team = Team.objects.create(slug="disks", name="Disks", email="disks@example.org")
    team.members.set([alice, paul, rita])
    disk.describe(owner=team)
    Delivery.objects.all().delete()
    return disk


def mails() -> list[tuple[str, str]]:
    """(to, subject) of each message, the oldest first."""
    rows = Delivery.objects.order_by("pk").select_related("recipient")
    return [(str(row.recipient or row.to), row.subject) for row in rows]


def people_told() -> set[str]:
    return {who for who, _ in mails()}


def draft(runbook, author):
    return runbook.draft("1. Other", author=author, note="Shorter", based_on=runbook.head)


def test_reviewers_of_the_team_hear_that_a_draft_waits(owned, alice, paul):
    draft(owned, alice).submit(by=alice)

    assert mails() == [("Paul Approver", "To review: Disk fills up")]
    text = Delivery.objects.get().text
    assert "Alice Author asks for a review of v2 of “Disk fills up”." in text
    assert "“Shorter”" in text and "/runbooks/disk-fills-up/versions/2/review/" in text


def test_without_a_reviewer_in_the_team_all_others_hear_it(owned, paul, rose):
    draft(owned, paul).submit(by=paul)

    assert people_told() == {"Rose Approver"}


def test_the_author_hears_of_the_approval(owned, alice, paul):
    version = draft(owned, alice)
    version.submit(by=alice)
    Delivery.objects.all().delete()
    version.approve(by=paul, note="Fine")

    assert mails() == [("Alice Author", "Approved: Disk fills up")]
    assert "“Fine”" in Delivery.objects.get().text


def test_the_author_hears_why_it_came_back(owned, alice, rose):
    version = draft(owned, alice)
    version.submit(by=alice)
    Delivery.objects.all().delete()
    version.reject(by=rose, note="Which disk?")

    assert mails() == [("Alice Author", "Sent back: Disk fills up")]
    assert "“Which disk?”" in Delivery.objects.get().text


def test_the_team_the_author_and_watchers_hear_of_a_new_version(owned, alice, paul, rose, nina):
    for person in (nina, rita_of(owned)):
        owned.watch(by=person)
    version = draft(owned, alice)
    version.submit(by=alice)
    version.approve(by=paul)
    Delivery.objects.all().delete()
    version.publish(by=rose)

    told = {"Alice Author", "Paul Approver", "Rita Responder", "Nina Reader"}
    assert people_told() == told and len(mails()) == len(told)
    assert {subject for _, subject in mails()} == {"Published: Disk fills up"}


def rita_of(runbook):
    return runbook.owner.members.get(username="rita")


def test_a_failed_step_asks_the_team_and_its_address(owned, rita):
    run = Run.objects.start(owned, by=rita, parameters={"host": "db1"})
    run.fail_step(1, by=rita, reason="No such disk")
    run.finish(by=rita, outcome=RunState.FAILED)

    told = {"Alice Author", "Paul Approver", "disks@example.org"}
    assert people_told() == told and len(mails()) == len(told)
    assert "Step 1 failed in run" in Delivery.objects.first().text


def test_a_no_asks_them_once_for_each_reader(owned, nina, alice):
    for reason in ("Which disk?", "Which one?"):
        owned.judge(by=nina, helpful=False, reason=reason)
    assert len(mails()) == 3 + 1  # people of the team, and its address

    owned.judge(by=alice, helpful=False)
    assert len(mails()) == 3 + 1 + 2 + 1  # alice knows


def test_without_an_owner_its_author_is_asked(disk, alice, nina):
    Delivery.objects.all().delete()
    disk.judge(by=nina, helpful=False)

    assert mails() == [("Alice Author", "Needs a review: Disk fills up")]


def test_archived_unarchived_and_merged_are_told(owned, alice, paul, rose, publish, nina):
    other = Runbook.objects.start("Other", by=alice, text="1. Go")
    publish(other.newest)
    Delivery.objects.all().delete()
    owned.watch(by=nina)
    owned.archive(by=rose)
    owned.unarchive(by=rose)
    owned.merge_into(Runbook.objects.get(pk=other.pk), by=rose)

    subjects = [subject for who, subject in mails() if who == "Nina Reader"]
    assert subjects == [f"{what}: Disk fills up" for what in ("Archived", "Unarchived", "Merged")]
    assert people_told() == {"Alice Author", "Paul Approver", "Rita Responder", "Nina Reader"}


def test_watchers_hear_that_it_was_reviewed_and_that_a_file_changed_it(owned, nina, paul):
    owned.watch(by=nina)
    owned.confirm_review(by=paul)
    owned.adopt("1. From a file")

    assert mails() == [
        ("Nina Reader", "Reviewed: Disk fills up"),
        ("Nina Reader", "Published: Disk fills up"),
    ]


def test_who_may_not_read_it_any_more_hears_nothing(owned, nina, paul):
    owned.watch(by=nina)
    nina.groups.clear()
    owned.confirm_review(by=paul)

    assert mails() == []


def test_who_did_a_step_hears_that_it_was_confirmed(alice, rita, paul, publish):
    runbook = Runbook.objects.start("Fail over", by=alice, text="1. Stop it. {second person}")
    publish(runbook.newest)
    run = Run.objects.start(Runbook.objects.get(pk=runbook.pk), by=rita)
    run.complete_step(1, by=rita)
    Delivery.objects.all().delete()
    run.confirm_step(1, by=paul, note="Seen")
    run.confirm_step(1, by=paul)

    assert mails() == [("Rita Responder", "Confirmed: step 1 of Fail over")]
    assert "Paul Approver confirmed step 1, “Stop it.”" in Delivery.objects.get().text


def test_what_was_refused_is_not_told(owned, alice, paul):
    version = draft(owned, alice)
    version.submit(by=alice)
    version.approve(by=paul)
    Delivery.objects.all().delete()
    for verb, by in ((version.approve, paul), (version.submit, alice)):
        with pytest.raises(Exception, match=r"v2 is"):
            verb(by=by)

    assert mails() == []


def test_who_may_no_longer_see_a_draft_hears_nothing_of_it(alice, paul, nina):
    hidden = Runbook.objects.start("Hidden", text="1. Look", by=alice)
    for person in (paul, nina):
        hidden.watch(by=person)
    hidden.ask_review("Look again", event="asked-1", by=alice)
    hidden.archive(by=alice)

    assert people_told() == {"Paul Approver"} and len(mails()) == 2


@pytest.fixture
def deploying(publish_new, alice, nina):
    """(a runbook that deploys a service, the service), watched by nina and alice."""
    service = Service.objects.create(slug="checkout", name="Checkout")
    runbook = publish_new("Deploy checkout", "1. Deploy it.\n2. Look.", "deployment")
    runbook.services.set([service])
    for person in (nina, alice):
        service.watch(by=person)
    Delivery.objects.all().delete()
    return runbook, service


def followed(runbook, by, **about) -> Run:
    run = Run.objects.start(runbook, by=by, environment="production", **about)
    for number in (1, 2):
        run.complete_step(number, by=by)
    return run


def test_who_watches_a_service_hears_once_of_a_deployment_that_ended(deploying, rita, alice, nina):
    run = followed(deploying[0], rita, release="2.4.1")
    assert not mails()

    run.finish(by=rita, note="Quiet")
    subject = "Deployment succeeded: Checkout 2.4.1 in production"
    assert sorted(mails()) == [("Alice Author", subject), ("Nina Reader", subject)]
    text = Delivery.objects.first().text
    assert f"Rita Responder ended run {run.pk} of “Deploy checkout”" in text and "“Quiet”" in text


def test_who_ended_it_and_who_does_not_watch_hear_nothing(deploying, alice, nina, publish_new):
    Run.objects.start(deploying[0], by=alice).abort(by=alice, reason="Wrong day")
    assert mails() == [("Nina Reader", "Deployment aborted: Checkout")]

    Delivery.objects.all().delete()
    deploying[1].unwatch(by=nina)
    followed(deploying[0], alice).finish(by=alice)
    looked = publish_new("Look at checkout", "1. Look.\n2. Go.", "troubleshooting")
    Delivery.objects.all().delete()
    followed(looked, alice, service=deploying[1]).finish(by=alice)
    assert not mails()


def test_a_rollback_is_one_message_not_two(deploying, rita, publish_new):
    first = followed(deploying[0], rita, release="2.4.1")
    back = publish_new("Roll back checkout", "1. Back.\n2. Look.", "rollback")
    back.services.set([deploying[1]])
    Delivery.objects.all().delete()
    followed(back, rita, rollback_of=first, release="2.4.0").finish(by=rita)

    assert Run.objects.get(pk=first.pk).state == RunState.ROLLED_BACK
    subject = "Rollback succeeded: Checkout 2.4.0 in production"
    assert sorted(mails()) == [("Alice Author", subject), ("Nina Reader", subject)]
