"""“Nothing needs you” is true: what waits for somebody stands on a first page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onboarding.models import Guide
from portal.accounts.models import Team, User
from portal.architecture.models import ConfigurationItem, Service
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.models.beats import BeatQuerySet
from runbooks.models import Run, Runbook, Version
from tests.onboarding.world import make_guide
from tests.runbooks.conftest import disk, publish  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(alice, rita):
    team = Team.objects.create(slug="disks", name="Disks")
    team.members.set([alice, rita])
    return team


@pytest.fixture
def page_of(client_of):
    return lambda person: client_of(person).get("/").content.decode()


def test_a_run_whose_lead_has_left_waits_for_the_team(disk, team, rita, alice, paul, page_of):  # noqa: F811
    disk.describe(owner=team)
    run = Run.objects.start(disk, by=paul, parameters={"host": "db1"})
    assert "Runs that nobody leads" not in page_of(alice)
    User.objects.filter(pk=paul.pk).update(is_active=False)

    for person in (rita, alice):
        page = page_of(person)
        assert "Runs that nobody leads" in page and run.get_absolute_url() in page


def test_a_draft_of_nobody_waits_for_the_team(disk, team, alice, rita, page_of):  # noqa: F811
    disk.describe(owner=team)
    Runbook.objects.get(pk=disk.pk).draft("1. From a file", author=None, based_on=1)

    assert "Drafts of your team without an author" in page_of(alice)
    assert "Drafts of your team without an author" not in page_of(rita)
    Version.objects.update(state="rejected")
    assert "Drafts of your team without an author" not in page_of(alice)


def test_a_stale_runbook_of_nobody_waits_for_those_who_could_give_it_an_owner(
    disk,  # noqa: F811
    alice,
    paul,
    nina,
    page_of,
):
    disk.judge(by=nina, helpful=False, reason="Which disk?")

    assert "Runbooks without an owner that need a review" in page_of(paul)
    assert "Runbooks without an owner that need a review" not in page_of(alice)


def test_changes_of_a_guide_that_nobody_published_wait_for_its_team(team, paul, alice, page_of):
    make_guide(alice, title="First day", owner=team)
    guide = Guide.objects.get()
    team.members.add(paul)
    assert "A guide has changes to publish" not in page_of(paul)
    guide.describe(by=alice, purpose="Something else")

    assert "A guide has changes to publish" in page_of(paul)


@pytest.mark.parametrize(
    ("days", "ago", "waits"), [(30, None, True), (30, 31, True), (30, 30, False), (None, 9, False)]
)
def test_a_late_rotation_waits_for_the_people_of_the_service(team, rita, days, ago, waits, page_of):
    service = Service.objects.create(slug="shop", name="Shop", owner=team)
    last = timezone.localdate() - timedelta(days=ago) if ago else None
    item = ConfigurationItem(service=service, name="KEY", rotation_days=days, rotated_on=last)
    item.save()

    assert ("Secrets to rotate" in page_of(rita)) is waits
    assert item.is_overdue(on=timezone.localdate()) is waits


def test_who_may_note_a_rotation_is_led_there_and_others_have_no_task(team, rita, olga, page_of):
    team.members.add(olga)
    service = Service.objects.create(slug="shop", name="Shop", owner=team)
    item = ConfigurationItem.objects.create(service=service, name="KEY", rotation_days=30)
    noted = reverse("admin:architecture_configurationitem_change", args=[item.pk])

    assert noted in page_of(olga)
    User.objects.filter(pk=rita.pk).update(email="rita@example.org")  # who is reached, at least
    assert noted not in page_of(rita) and "Nothing needs you" in page_of(rita)


def test_messages_that_no_server_took_wait_for_operators(olga, alice, page_of):
    Delivery.objects.post(key="x", to=["ops@example.org"], subject="Disk full", text="x")
    failed = {"state": DeliveryState.FAILED, "last_error": "550 Nobody", "due_at": timezone.now()}
    Delivery.objects.update(**failed)

    page = page_of(olga)
    assert "Messages that could not be sent" in page and "ops@example.org: 550 Nobody" in page
    assert "Messages that could not be sent" not in page_of(alice)
    Delivery.objects.update(due_at=timezone.now() - timedelta(days=8))
    assert "Messages that could not be sent" not in page_of(olga)


def test_messages_that_wait_for_an_engine_are_told_to_operators(olga, page_of, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    Delivery.objects.post(key="x", to=["ops@example.org"], subject="Disk full", text="x")
    assert "Messages wait" not in page_of(olga)
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=1))

    assert "Messages wait since" in page_of(olga)


def test_messages_that_a_mail_server_refuses_for_minutes_are_told_with_its_answer(
    olga, page_of, settings, monkeypatch
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(BeatQuerySet, "word", lambda *_: "ok")
    now = timezone.now()
    Delivery.objects.post(key="x", to=["ops@example.org"], subject="Disk full", text="x")
    again = {"attempts": 3, "due_at": now + timedelta(minutes=4), "last_error": "451 Greylisted"}
    Delivery.objects.update(**again, created_at=now - timedelta(minutes=9))
    assert "Messages wait" not in page_of(olga)
    Delivery.objects.update(created_at=now - timedelta(minutes=11))

    assert "The mail server does not take them: 451 Greylisted" in page_of(olga)
