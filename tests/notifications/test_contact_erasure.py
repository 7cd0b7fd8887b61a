"""What stays of how somebody was reached when the person goes, or is to be forgotten."""

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from onboarding.privacy import erasure
from onboarding.privacy.export import Recorded
from portal.accounts.models import User
from portal.notifications.contacts import verbs
from portal.notifications.models import ContactMethod, Delivery, QuietHours

pytestmark = pytest.mark.django_db


@pytest.fixture
def methods(nina, olga):
    """One in use and one that was removed, with their messages, and those of somebody else."""
    for person, name in ((nina, "nina"), (olga, "olga")):
        for number in (1, 2):
            address = f"{name}-{number}@example.org"
            ContactMethod.objects.add(person, kind="mail", address=address)
    ContactMethod.objects.update(verified_at=timezone.now())
    verbs.remove(ContactMethod.objects.get(shown="nina-2@example.org"), at=timezone.now())
    now = timezone.now()
    for person in (nina, olga):
        verbs.choose_hours(person, at=now)
    return ContactMethod.objects.all()


def shown() -> list[str]:
    return [*ContactMethod.objects.order_by("shown").values_list("shown", flat=True)]


def traces(text: str) -> list:
    rows = LogEntry.objects.get_for_model(ContactMethod)
    return [each for each in rows if text in f"{each.object_repr} {each.changes}"]


def test_it_is_all_shown_to_the_person(methods, nina, client_of):
    page = client_of(nina).get("/guides/me/").content.decode()

    assert "nina-1@example.org" in page and "removed" in page and "olga" not in page
    assert "Quiet hours: 22:00 to 07:00" in page
    assert "A contact method was removed" in page
    recorded = Recorded(nina)
    assert [bool(each.removed_at) for each in recorded.methods.rows] == [False, True]


def test_of_whoever_is_active_only_what_was_removed_is_forgotten(methods, nina):
    assert erasure.forget_person(nina, dry_run=True)["contact methods"] == 1
    assert len(shown()) == 4

    assert erasure.forget_person(nina)["contact methods"] == 1
    assert shown() == ["nina-1@example.org", "olga-1@example.org", "olga-2@example.org"]
    assert traces("nina-2") == [] and len(traces("nina-1")) == 1
    assert not Delivery.objects.filter(to="nina-2@example.org").exists()
    assert QuietHours.objects.count() == 2


def test_of_whoever_has_left_all_of_it_is(methods, nina):
    nina.is_active = False
    nina.save()

    assert erasure.forget_person(nina)["contact methods"] == 3
    assert shown() == ["olga-1@example.org", "olga-2@example.org"]
    assert traces("nina-") == [] and len(traces("olga-")) == 2
    assert [hours.person.username for hours in QuietHours.objects.all()] == ["olga"]


def test_an_account_that_is_deleted_takes_it_along(methods, nina):
    User.objects.filter(pk=nina.pk).delete()

    assert shown() == ["olga-1@example.org", "olga-2@example.org"]
    assert not Delivery.objects.filter(to__startswith="nina").exists()
