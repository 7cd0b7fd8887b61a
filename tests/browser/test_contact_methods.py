"""A person adds a way to be reached, on a computer and on a phone."""

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.models import ContactMethod, Delivery
from portal.notifications.models.contact_methods import CODE_PLACE

from .test_pages import PHONE, WIDE, faults

SETTINGS = "/notifications/settings/"
LONG = "A name as long as it may be, of a phone that lies on a desk"


@pytest.fixture
def nina(portal, people):
    nina = User.objects.get(username="nina")
    nina.email = "nina.with.a.rather.long.address@mail.example.org"
    nina.save(update_fields=["email"])
    return nina


def test_all_pages_of_a_way_fit_and_can_be_read(visit, nina):
    about = {"kind": "service", "label": LONG}
    phone = ContactMethod.objects.add(nina, address="ntfys://ntfy.example.org/t", **about)
    chat = ContactMethod.objects.add(nina, kind="mail", address="pager@example.org")
    new = ContactMethod.objects.add(nina, kind="service", address="ntfys://other.example.org/t")
    ContactMethod.objects.filter(pk__in=[phone.pk, chat.pk]).update(verified_at=timezone.now())
    ContactMethod.objects.filter(pk=phone.pk).update(failures=4, failing_since=timezone.now())
    Delivery.objects.post(key="x", to=[phone], subject="Disk fills up", text="T")
    Delivery.objects.update(last_error="The service cannot be reached: connection refused.")
    Delivery.objects.post_code(new, at=timezone.now())
    shown = visit(nina)

    addresses = [SETTINGS, phone.get_absolute_url(), new.get_absolute_url()]
    assert faults(shown, *addresses) == []


def test_a_way_is_added_on_a_phone(visit, nina):
    shown = visit(nina)
    shown.width(PHONE)
    page = shown.page
    shown.open(SETTINGS)
    page.get_by_role("link", name="Add contact method").click()
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("textbox", name="Address").fill("ntfys://ntfy.example.org/secret-topic")
    page.get_by_label("Label").fill("Phone")
    page.get_by_role("button", name="Add and send code").click()
    page.get_by_label("Code").fill("000")
    page.get_by_role("button", name="Verify").click()
    assert page.get_by_text("That is not the code.").is_visible()

    (method,) = ContactMethod.objects.of(nina)
    page.get_by_label("Code").fill(method.worded("contact-code", CODE_PLACE))
    page.get_by_role("button", name="Verify").click()
    assert page.get_by_text("“Phone” is verified").is_visible()
    assert "secret-topic" not in page.content()
    shown.width(WIDE)
    assert page.get_by_role("link", name="Phone", exact=True).is_visible()
