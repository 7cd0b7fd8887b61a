"""Whom nothing reaches is told before somebody has to be reached."""

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.models import ContactMethod, Delivery, DeliveryState, unreached
from portal.notifications.models.contact_methods import FAILING

pytestmark = pytest.mark.django_db


@pytest.fixture
def nina(nina):
    User.objects.filter(pk=nina.pk).update(email="nina@example.org")
    return User.objects.get(pk=nina.pk)


@pytest.fixture
def method(nina):
    method = ContactMethod.objects.add(nina, kind="service", address="ntfys://a.example.org/t")
    ContactMethod.objects.filter(pk=method.pk).update(verified_at=timezone.now())
    return method


def mail(person, key, state):
    Delivery.objects.post(key=key, to=[person], subject="S", text="T")
    sent_at = timezone.now() if state == DeliveryState.SENT else None
    rows = Delivery.objects.filter(key=key, transport="mail")
    rows.update(state=state, sent_at=sent_at, last_error="Nobody of that name.")


def is_reached(person) -> bool:
    return not unreached().filter(pk=person.pk).exists()


def test_an_address_reaches(nina):
    assert is_reached(nina)


def test_no_address_and_no_method_do_not(nina):
    User.objects.filter(pk=nina.pk).update(email="")

    assert not is_reached(nina)


def test_a_verified_method_does(nina, method):
    User.objects.filter(pk=nina.pk).update(email="")
    assert is_reached(nina)

    ContactMethod.objects.filter(pk=method.pk).update(failures=FAILING)
    assert not is_reached(nina)
    ContactMethod.objects.filter(pk=method.pk).update(failures=0, verified_at=None)
    assert not is_reached(nina)
    method.remove(at=timezone.now())
    assert not is_reached(nina)


def test_an_address_that_failed_last_does_not_until_something_gets_there(nina):
    mail(nina, "a", DeliveryState.SENT)
    mail(nina, "b", DeliveryState.FAILED)
    assert not is_reached(nina)

    mail(nina, "c", DeliveryState.SENT)
    assert is_reached(nina)


def test_a_new_address_is_tried_before_it_is_judged(nina):
    mail(nina, "a", DeliveryState.FAILED)
    User.objects.filter(pk=nina.pk).update(email="new@example.org")

    assert is_reached(nina)


def test_what_somebody_reads_on_their_page_says_nothing_of_their_address(nina):
    mail(nina, "a", DeliveryState.FAILED)
    mail(nina, "b", DeliveryState.EXPIRED)

    assert not is_reached(nina)


def test_who_has_left_is_not_told_of(nina):
    User.objects.filter(pk=nina.pk).update(email="", is_active=False)

    assert is_reached(nina)


def test_operators_see_who_is_not_reached_on_their_first_page(client_of, olga, rita, nina):
    User.objects.filter(pk=nina.pk).update(email="", name="Nina No Address")

    shown = client_of(olga).get("/").content.decode()
    assert "People whom nothing reaches" in shown and "Nina No Address" in shown
    assert "People whom nothing reaches" not in client_of(rita).get("/").content.decode()


def test_a_person_is_told_themself(client_of, nina, method):
    assert "Nothing reaches you" not in client_of(nina).get("/").content.decode()
    ContactMethod.objects.filter(pk=method.pk).update(failures=FAILING)
    assert "One of your contact methods fails" in client_of(nina).get("/").content.decode()

    User.objects.filter(pk=nina.pk).update(email="")
    assert "Nothing reaches you" in client_of(nina).get("/").content.decode()
