"""People add, verify, order, test and remove the ways by which they are reached."""

import time

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.models import ContactMethod, Delivery, QuietHours
from portal.notifications.models.contact_methods import CODE_PLACE, VALID

pytestmark = pytest.mark.django_db
SETTINGS = "/notifications/settings/"
NEW = f"{SETTINGS}methods/new/"
ADDRESS = "ntfys://ntfy.example.org/secret-topic"
NEW_ONE = {"kind": "service", "address": ADDRESS, "label": "Phone", "least_urgency": "high"}


def confirmed(client):
    """The same browser, a moment after its person typed the password."""
    session = client.session
    session["account_authentication_methods"] = [{"at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


@pytest.fixture
def nina(nina):
    User.objects.filter(pk=nina.pk).update(email="nina@example.org")
    return User.objects.get(pk=nina.pk)


@pytest.fixture
def browser(client_of, nina):
    return confirmed(client_of(nina))


@pytest.fixture
def add(nina):
    def add(address=ADDRESS, *, verified=True, person=nina, **about):
        method = ContactMethod.objects.add(person, kind="service", address=address, **about)
        if verified:
            ContactMethod.objects.filter(pk=method.pk).update(verified_at=timezone.now())
        return ContactMethod.objects.get(pk=method.pk)

    return add


def words(response) -> str:
    return " ".join(response.content.decode().split())


def act(browser, method, name, **sent):
    return browser.post(f"{SETTINGS}methods/{method.pk}/{name}/", sent, follow=True)


def test_it_works(browser, nina):
    """A method is added, a code sent, typed, and the method stands verified in the list."""
    page = browser.post(NEW, NEW_ONE, follow=True)
    (method,) = ContactMethod.objects.of(nina)
    assert "A code is on its way" in words(page) and "Not verified" in words(page)
    assert Delivery.objects.get(kind="contact-code").contact_method == method

    page = act(browser, method, "verify", code=method.worded("contact-code", CODE_PLACE))

    assert "“Phone” is verified" in words(page)
    assert "ntfy at ntfy.example.org" in words(page)
    assert "secret-topic" not in words(page)


def test_the_password_is_asked_for_before_one_is_added_or_removed(client_of, nina, add):
    method, stranger = add(), client_of(nina)

    for answer in (
        stranger.get(NEW),
        stranger.post(NEW, {**NEW_ONE, "address": "ntfys://evil.example.org/t"}),
        stranger.post(f"{method.get_absolute_url()}remove/"),
    ):
        assert (answer.status_code, "/account/confirm/" in answer["Location"]) == (302, True)
    assert [each.pk for each in ContactMethod.objects.of(nina)] == [method.pk]


@pytest.mark.parametrize("name", ["", "code/", "verify/", "test/", "move/", "remove/"])
def test_nobody_reaches_those_of_others(client_of, add, olga, rita, name):
    address = add().get_absolute_url() + name

    for person in (olga, rita):
        assert confirmed(client_of(person)).get(address).status_code == 404
        assert confirmed(client_of(person)).post(address, {"code": "1"}).status_code == 404
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("name", ["code", "verify", "test", "move", "remove"])
def test_an_address_of_a_verb_leads_to_the_page(browser, add, name):
    method = add()

    answer = browser.get(f"{method.get_absolute_url()}{name}/")

    assert (answer.status_code, answer["Location"]) == (302, method.get_absolute_url())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": ""}, "This field is required"),
        ({"address": "json://example.org/"}, "no address of a service"),
        ({"kind": "mail"}, "Enter a valid email address"),
        ({"kind": "mail", "address": "nina@example.org"}, "the address in your profile"),
        ({"kind": "pigeon"}, "Select a valid choice"),
        ({"label": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_typed_is_lost(browser, wrong, said):
    answer = browser.post(NEW, NEW_ONE | wrong)

    assert answer.status_code == 400
    assert said in words(answer)
    assert (NEW_ONE | wrong)["label"] in words(answer)
    assert ContactMethod.objects.count() == 0


def test_a_wrong_code_is_said_at_its_field(browser, add):
    method = add(verified=False)
    act(browser, method, "code")

    answer = act(browser, method, "verify", code="abc")

    assert answer.status_code == 400
    assert "That is not the code." in words(answer)
    assert answer.context["code"].errors


def test_after_too_many_a_new_code_is_offered(browser, add):
    method = add(verified=False)
    act(browser, method, "code")
    for _ in range(6):
        answer = act(browser, method, "verify", code="abc")

    assert answer.status_code == 409
    assert "Send a new one." in words(answer) and "Send a new code" in words(answer)


def test_a_second_code_in_the_same_minute_is_not_sent(browser, add):
    method = add(verified=False)
    act(browser, method, "code")

    assert "a moment ago" in words(act(browser, method, "code"))
    assert Delivery.objects.filter(kind="contact-code").count() == 1


def test_an_old_code_is_not_asked_for(browser, add):
    method = add(verified=False)
    Delivery.objects.post_code(method, at=timezone.now() - VALID)

    assert "The code has expired" in words(browser.get(method.get_absolute_url()))


def test_a_test_message_is_sent_to_what_is_verified_only(browser, add):
    assert "Type its code first" in words(act(browser, add(verified=False), "test"))
    assert Delivery.objects.count() == 0

    method = add("ntfys://other.example.org/t")
    assert "A test message is queued" in words(act(browser, method, "test"))
    assert [each.contact_method for each in Delivery.objects.all()] == [method]
    assert "a moment ago" in words(act(browser, method, "test"))


def test_the_order_is_changed(browser, add, nina):
    first, second = add(label="A"), add("ntfys://b.example.org/t", label="B")

    act(browser, second, "move", to="earlier")
    assert list(ContactMethod.objects.of(nina)) == [second, first]
    act(browser, second, "move", to="later")
    act(browser, second, "move", to="later")
    assert list(ContactMethod.objects.of(nina)) == [first, second]


def test_what_it_gets_is_changed(browser, add):
    method = add()

    browser.post(method.get_absolute_url(), {"label": "Pager", "least_urgency": "low"})

    method.refresh_from_db()
    assert (method.label, method.takes_all, method.address) == ("Pager", True, ADDRESS)


def test_one_is_removed(browser, add, nina):
    method = add(label="Phone")

    page = act(browser, method, "remove")

    assert "“Phone” removed" in words(page)
    assert list(ContactMethod.objects.of(nina)) == []
    assert browser.get(method.get_absolute_url()).status_code == 404


def test_a_failing_one_says_so_and_why(browser, add):
    method = add(label="Phone")
    ContactMethod.objects.filter(pk=method.pk).update(failures=3, failing_since=timezone.now())
    Delivery.objects.post(key="x", to=[method], subject="S", text="T")
    Delivery.objects.update(last_error="The service answered 403.")

    assert "Failing" in words(browser.get(SETTINGS))
    assert "The service answered 403." in words(browser.get(SETTINGS))
    assert "It has taken nothing since" in words(browser.get(method.get_absolute_url()))


def test_mail_that_failed_last_is_told(browser, nina):
    Delivery.objects.post(key="x", to=[nina], subject="S", text="T")
    Delivery.objects.update(state="failed", last_error="Nobody of that name.")
    assert "Nobody of that name." in words(browser.get(SETTINGS))

    User.objects.filter(pk=nina.pk).update(email="new@example.org")
    assert "Nobody of that name." not in words(browser.get(SETTINGS))


QUIET = {"is_on": "on", "starts": "22:00", "ends": "07:00", "weekdays": ["0", "4"]}


def test_quiet_hours_are_kept_and_dropped(browser, nina):
    sent = QUIET | {"wakes_for": "nothing"}
    page = browser.post(f"{SETTINGS}quiet-hours/", sent, follow=True)
    assert "Your quiet hours are saved." in words(page)
    assert str(QuietHours.objects.of(nina)) == "22:00 to 07:00, Mon, Fri, wake for nothing"

    browser.post(f"{SETTINGS}quiet-hours/", {key: sent[key] for key in sent if key != "is_on"})
    assert QuietHours.objects.of(nina).in_force == "none"
    assert b'value="22:00"' in browser.get(SETTINGS).content  # kept for when they are on again


@pytest.mark.parametrize(
    "wrong", [{"ends": "22:00"}, {"ends": "25:00"}, {"weekdays": []}, {"wakes_for": "thunder"}]
)
def test_quiet_hours_that_cannot_be_are_said(browser, nina, wrong):
    sent = QUIET | {"wakes_for": "urgent"} | wrong

    answer = browser.post(f"{SETTINGS}quiet-hours/", sent)

    assert answer.status_code == 400 and answer.context["hours"].errors
    assert QuietHours.objects.of(nina) is None


def test_the_settings_ask_as_often_for_ten_as_for_one(browser, add, django_assert_max_num_queries):
    add("ntfys://a.example.org/t")
    browser.get(SETTINGS)
    with django_assert_max_num_queries(14) as one:
        browser.get(SETTINGS)
    for number in range(8):
        add(f"ntfys://b.example.org/{number}")
    with django_assert_max_num_queries(len(one.captured_queries)):
        browser.get(SETTINGS)


def test_who_is_not_signed_in_is_led_to_the_sign_in(client, add):
    for address in (NEW, add().get_absolute_url(), f"{SETTINGS}quiet-hours/"):
        assert client.get(address)["Location"].startswith(reverse("account_login"))
