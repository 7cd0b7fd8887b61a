"""Whoever is reached by another contact method hears of it where they were reached before."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.contacts import verbs
from portal.notifications.contacts.notices import IF_NOT_YOU, SECURITY
from portal.notifications.models import ContactMethod, Delivery, Preference, QuietHours, Urgency
from portal.notifications.models.contact_methods import CODE, FAREWELL

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def nina(nina):
    User.objects.filter(pk=nina.pk).update(email="nina@example.org")
    return User.objects.get(pk=nina.pk)


@pytest.fixture
def add(nina):
    def add(address="ntfys://ntfy.example.org/one", **about):
        method = ContactMethod.objects.add(nina, kind="service", address=address, **about)
        ContactMethod.objects.filter(pk=method.pk).update(verified_at=timezone.now())
        return ContactMethod.objects.get(pk=method.pk)

    return add


def told() -> list[tuple[str, str]]:
    rows = Delivery.objects.exclude(kind=CODE).order_by("pk")
    return [*rows.values_list("to", "subject")]


def mail() -> Delivery:
    return Delivery.objects.get(kind=SECURITY)


def test_it_works(nina, now):
    method = verbs.add(nina, kind="service", address="ntfys://ntfy.example.org/one", at=now)
    assert told() == []  # it gets its code, and nothing else yet

    verbs.verify(method, method._code(), at=now)

    assert told() == [("nina@example.org", "A contact method was added")]
    assert IF_NOT_YOU in mail().text and "ntfy at ntfy.example.org was added" in mail().text
    assert mail().urgency == Urgency.HIGH


def test_what_somebody_chose_to_have_mailed_does_not_matter(nina, add, now):
    Preference.objects.create(user=nina, kind=SECURITY, by_mail=False)
    verbs.change(add(), at=now, least_urgency=Urgency.LOW)

    assert mail().state == "waiting"
    assert "gets everything from now on" in mail().text


def test_a_new_label_is_no_message(nina, add, now):
    verbs.change(add(), at=now, label="Pager", least_urgency=Urgency.HIGH)

    assert told() == []


def test_another_order_is_one_message(add, now):
    first, second = add(), add("ntfys://ntfy.example.org/two")
    verbs.move(second, -1, at=now)
    verbs.move(second, -1, at=now + MINUTE)  # it is the first already

    assert [subject for _, subject in told()] == ["The order of your contact methods was changed"]
    assert "number 1" in mail().text
    assert ContactMethod.objects.get(pk=first.pk).revision == 2


def test_what_is_removed_is_told_itself_too(add, now):
    method = add(label="Phone")
    verbs.remove(method, at=now)

    assert told() == [
        ("nina@example.org", "A contact method was removed"),
        ("ntfy at ntfy.example.org", "A contact method was removed"),
    ]
    assert Delivery.objects.get(kind=FAREWELL).contact_method == method


def test_without_an_address_the_other_ways_hear_of_it(nina, add, now):
    User.objects.update(email="")
    nina.refresh_from_db()
    first, second = add("slack://a/b/cccccccccccc"), add("slack://a/b/dddddddddddd")
    gone = add()
    verbs.remove(gone, at=now)

    rows = Delivery.objects.filter(kind=SECURITY).order_by("pk")
    assert [each.contact_method for each in rows] == [first, second]


def test_quiet_hours_are_told_when_they_differ(nina, now):
    hours = {"starts": time(21), "ends": time(6), "weekdays": [0, 1]}
    verbs.choose_hours(nina, at=now, **hours)
    verbs.choose_hours(nina, at=now + MINUTE, **hours)
    verbs.drop_hours(nina, at=now + 2 * MINUTE)
    verbs.drop_hours(nina, at=now + 3 * MINUTE)

    texts = Delivery.objects.order_by("pk").values_list("text", flat=True)
    assert [text.splitlines()[0] for text in texts] == [
        "They are now: 21:00 to 06:00, Mon, Tue, wake for urgent.",
        "They are now: none.",
    ]
    assert QuietHours.objects.get().in_force == "none"
