"""Each person chooses which kinds of messages are mailed; the others stand on their page only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.core.web.address import absolute
from portal.core.web.offers import offered
from portal.notifications.models import Delivery, Kind, Preference
from portal.notifications.notices import tell
from portal.notifications.problems import NotEnded

pytestmark = pytest.mark.django_db
PAGE = "/notifications/settings/"
ONE, TWO = Kind("one", "The first"), Kind("two", "The second", by_mail=False)


@pytest.fixture
def rita(rita):
    User.objects.filter(pk=rita.pk).update(email="rita@example.org")
    return User.objects.get(pk=rita.pk)


def told(*concerned, by=None, key="x") -> Delivery | None:
    tell(key=key, subject="News", text="Look.", concerned=concerned, by=by)
    return Delivery.objects.filter(key=key).first()


def test_what_is_on_by_default_is_mailed_and_leads_to_the_settings(rita):
    message = told((ONE, [rita]))

    assert (message.state, message.to) == ("waiting", "rita@example.org")
    assert message.text == f"Look.\n\n-- \nChoose what is mailed to you: {absolute(PAGE)}\n"


def test_what_is_off_is_read_on_the_page_only_and_nobody_sends_it(rita, olga, client_of):
    message = told((TWO, [rita]))

    assert message.state == "expired" and Delivery.claim(message.due_at) is None
    page = client_of(rita).get("/notifications/").content.decode()
    assert "News" in page and "Not mailed" in page
    listed = reverse("admin:notifications_delivery_changelist")
    assert "Not mailed" in client_of(olga).get(listed).content.decode()
    with pytest.raises(NotEnded, match="on their page only"):
        message.send_again(by=olga)
    assert Delivery.objects.get().state == "expired"


@pytest.mark.parametrize(
    ("chosen", "state"),
    [({ONE: False}, "expired"), ({ONE: False, TWO: True}, "waiting"), ({}, "waiting")],
)
def test_who_is_concerned_twice_gets_one_message_if_any_kind_is_mailed(rita, chosen, state):
    Preference.objects.choose(rita, chosen)
    told((ONE, [rita]), (TWO, [rita]))

    assert [message.state for message in Delivery.objects.all()] == [state]


def test_nobody_is_told_what_they_did_and_nobody_twice(rita, paul):
    assert told((ONE, [rita, None]), by=rita) is None

    told((ONE, [rita]), by=paul)
    told((ONE, [rita, paul]), by=paul)
    assert [message.recipient for message in Delivery.objects.all()] == [rita]


def test_accounts_that_are_switched_off_are_left_out_and_addresses_are_mailed(rita):
    rita.is_active = False
    message = told((TWO, [rita, "team@example.org", ""]))

    assert (message.to, message.state) == ("team@example.org", "waiting")


def test_the_page_asks_only_of_what_may_concern_one(client_of, nina, paul):
    asks = {each: client_of(each).get(PAGE).content.decode() for each in (nina, paul)}

    assert "A draft waits for your review" in asks[paul]
    assert "A draft waits for your review" not in asks[nina]
    assert "Something that you watch changed" in asks[nina]


def test_a_choice_is_kept_and_what_equals_the_default_needs_no_row(client_of, paul):
    kinds = [kind for app in offered("notices") for kind in app.KINDS]
    all_on = {kind.name: "on" for kind in kinds if kind.by_mail}
    assert len(all_on) > 8 and len({kind.name for kind in kinds}) == len(kinds)
    browser = client_of(paul)

    del all_on["watched"]
    assert browser.post(PAGE, all_on).headers["Location"] == PAGE
    assert Preference.objects.of(paul, kinds)["watched"] is False
    assert list(Preference.objects.values_list("user", "kind")) == [(paul.pk, "watched")]
    box = browser.get(PAGE).content.decode().partition('name="watched"')[2].partition(">")[0]
    assert "checked" not in box

    browser.post(PAGE, {**all_on, "watched": "on"})
    assert not Preference.objects.exists()


def test_a_kind_that_does_not_concern_one_is_not_touched(client_of, nina):
    Preference.objects.create(user=nina, kind="runbooks-reviews", by_mail=False)
    client_of(nina).post(PAGE, {"watched": "on"})

    assert Preference.objects.filter(user=nina, kind="runbooks-reviews").exists()


def test_profile_and_messages_lead_there(client_of, nina):
    for page in (reverse("profile"), reverse("notifications:deliveries")):
        assert f'href="{PAGE}"' in client_of(nina).get(page).content.decode()


def test_a_test_message_goes_the_way_of_all_others(client_of, rita):
    browser = client_of(rita)
    assert "Test: send a message to" in browser.get(PAGE).content.decode()

    page = browser.post(reverse("notifications:send-test"), follow=True).content.decode()

    assert "A test message is queued." in page and 'class="title">Test message<' in page
    message = Delivery.objects.get()
    assert (message.recipient, message.to, message.state) == (rita, rita.email, "waiting")


def test_one_a_minute_is_sent(rita, nina):
    at = timezone.now().replace(second=0)
    sent = [
        Delivery.objects.post_test(to, at=at + timedelta(seconds=later))
        for to, later in ((rita, 0), (rita, 59), (nina, 59), (rita, 60))
    ]

    assert sent == [True, False, True, True]
    assert Delivery.objects.of(rita).count() == 2


def test_who_has_no_address_is_offered_no_test(client_of, nina):
    User.objects.filter(pk=nina.pk).update(email="")

    assert "Test: send a message to" not in client_of(nina).get(PAGE).content.decode()
    assert client_of(nina).get(reverse("notifications:send-test")).status_code == 405
