"""Webhooks as receivers see them: signed, the same at every attempt, verified by the library."""

import json
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.conf import settings as settings_of_django
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from portal.notifications.models import Channel, Delivery
from portal.notifications.transports import webhook
from tests.notifications.conftest import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(olga, receiver):
    """A webhook and its secret."""

    def add(path="/hooks/T0KEN", **about):
        about = {"name": "Hook", "address": f"{receiver.url}{path}"} | about
        return Channel.objects.add(by=olga, kind="webhook", **about)

    return add


def post(channel, key="x", **about):
    about = {"subject": "Größe", "text": "Look.\n", "kind": "runbooks-deployed"} | about
    return Delivery.objects.post(key=key, to=[channel], **about).get(channel=channel)


def attempt(at=None):
    at = at or timezone.now()
    delivery = Delivery.claim(at)
    delivery.send(at)
    return Delivery.objects.get(pk=delivery.pk)


def test_it_works(add, receiver):
    channel, secret = add()
    queued = post(channel, urgency="high")

    sent = attempt()

    ((path, headers, body),) = receiver.received
    assert path == "/hooks/T0KEN"
    assert Webhook(secret).verify(body, headers) == {
        "type": "runbooks.deployed",
        "timestamp": queued.created_at.isoformat(),
        "data": {"key": "x", "subject": "Größe", "text": "Look.\n", "urgency": "high"},
    }
    assert headers["webhook-id"] == sent.message_id
    assert headers["Content-Type"] == "application/json"
    assert (sent.state, sent.attempt_set.get().answer) == ("sent", "200")


def test_each_attempt_has_the_same_id_and_body(add, receiver):
    post(add()[0])
    receiver.status, at = 503, timezone.now()

    failed = attempt(at)
    receiver.status = 204
    attempt(at + timedelta(seconds=30))

    assert (failed.state, failed.last_error) == ("waiting", "The address answered 503.")
    (_, first, body), (_, second, again) = receiver.received
    assert (first["webhook-id"], body) == (second["webhook-id"], again)


def test_another_channel_and_another_event_have_other_ids(add, receiver):
    (one, _), (two, _) = add(), add("/other")

    found = {post(one).message_id, post(two).message_id, post(one, "y").message_id}

    assert len(found) == 3


def test_while_a_secret_is_replaced_both_verify(add, receiver, olga):
    channel, old = add()
    new = channel.rotate(by=olga, overlap=timedelta(hours=1))
    post(channel)
    attempt()

    (_, headers, body) = receiver.received[-1]
    assert old != new
    assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers)


def test_when_the_time_is_over_only_the_new_one_verifies(add, receiver, olga):
    channel, old = add()
    new = channel.rotate(by=olga, overlap=timedelta())
    post(channel)
    attempt()

    (_, headers, body) = receiver.received[-1]
    assert Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_of_three_secrets_the_two_newest_sign(add, olga):
    channel, first = add()
    second, third = channel.rotate(by=olga), channel.rotate(by=olga)

    assert channel.secrets(timezone.now()) == (third, second)
    assert first not in channel.secrets(timezone.now())


def test_what_is_gone_is_not_tried_again(add, receiver):
    post(add()[0])
    receiver.status = 410

    failed = attempt()

    assert (failed.state, failed.last_error) == ("failed", "The address answered 410: it is gone.")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(add, receiver, status):
    post(add()[0])
    receiver.status = status

    assert attempt().last_error == f"The address answered {status}."
    assert len(receiver.received) == 1


def test_where_the_portal_may_not_connect_nothing_is_sent(add, receiver, settings):
    post(add()[0])
    settings.OUTGOING_ALLOW = []

    failed = attempt()

    assert failed.state == "failed"
    assert "not in the public internet" in failed.last_error
    assert receiver.received == []


def test_one_that_hangs_is_left_at_the_deadline(add, receiver, monkeypatch):
    monkeypatch.setattr(webhook, "DEADLINE", 0.3)
    receiver.hangs = {"/hooks/T0KEN"}
    post(add()[0])

    failed = attempt()

    assert (failed.state, failed.last_error) == ("waiting", "It took too long.")
    assert failed.attempt_set.get().seconds < 5


def test_one_that_is_not_there_is_told(add):
    post(add(address=f"http://127.0.0.1:{free_port()}/T0KEN")[0])

    assert attempt().last_error == "It cannot be reached (Connection refused)."


def test_no_secret_is_in_what_people_read(add, receiver, olga, rita, client_of, api, caplog):
    receiver.status = 500
    channel, secret = add()
    Delivery.objects.post_channel_test(channel, at=timezone.now())
    failed = attempt()
    new = channel.rotate(by=olga)
    channel.change(by=olga, address=f"{receiver.url}/other/T0KEN")

    browser = client_of(olga)
    pages = [channel.get_absolute_url(), failed.get_absolute_url(), "/notifications/channels/"]
    pages += [f"{channel.get_absolute_url()}edit/", f"/admin/notifications/delivery/{failed.pk}/"]
    pages += [f"/admin/notifications/delivery/{failed.pk}/change/", "/"]
    read = [browser.get(page, follow=True).content.decode() for page in pages]
    read += [json.dumps(list(LogEntry.objects.values("changes", "object_repr")), default=str)]
    read += [caplog.text, repr(failed.message(timezone.now()))]
    for text in read:
        assert not [each for each in ("T0KEN", secret, new) if each in text]
    assert "http://127.0.0.1" in read[0]


def test_a_fault_of_a_transport_is_a_failed_attempt_and_tells_no_secret(add, monkeypatch, caplog):
    def broken(url, *message):
        raise ValueError(url)

    monkeypatch.setattr(webhook, "send", broken)
    post(add()[0])

    failed = attempt()

    assert failed.state == "waiting"
    assert failed.last_error == "The message could not be sent (ValueError)."
    assert "ValueError in the transport webhook" in caplog.text and "T0KEN" not in caplog.text


def test_the_example_of_the_documentation_has_what_is_sent(add, receiver):
    page = (settings_of_django.BASE_DIR / "docs" / "api" / "webhooks.md").read_text()
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    post(add()[0])
    attempt()

    sent = json.loads(receiver.received[0][2])

    assert (shown.keys(), shown["data"].keys()) == (sent.keys(), sent["data"].keys())
    assert shown["type"] == sent["type"]


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1:8299/hook", "https://10.0.0.8/hook", "http://192.168.1.1"),
        *("http://[::1]:8080/hook", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/"),
    ],
)
def test_a_private_address_in_figures_is_refused_when_it_is_given(address, settings):
    settings.OUTGOING_ALLOW = []
    with pytest.raises(ValidationError, match=r"not in the public internet.*PORTAL_OUTGOING"):
        webhook.validate(address)


def test_what_is_allowed_public_or_a_name_is_taken(settings):
    settings.OUTGOING_ALLOW = ["127.0.0.1:8299", "10.0.0.0/8"]
    for address in (
        *("http://127.0.0.1:8299/hook", "https://10.0.0.8/hook", "https://1.1.1.1/hook"),
        *("https://hooks.example.org/ops", "http://internal.example.org:8080/x"),
    ):
        webhook.validate(address)


def test_the_form_and_the_api_say_why_they_refuse_an_address(client, olga, api, settings):
    settings.OUTGOING_ALLOW = []
    given, where = {"name": "Hook", "kind": "webhook"}, "http://127.0.0.1:8299/hook"
    typed = {**given, "address": where, "least_urgency": "low"}
    client.force_login(olga)
    page = client.post(reverse("notifications:new-channel"), typed)
    answer = api(olga).post(
        "/api/v1/channels/", {**given, "to": where}, content_type="application/json"
    )

    assert page.status_code == 400 and "is not in the public internet" in page.content.decode()
    assert answer.status_code == 400
    assert "is not in the public internet" in str(answer.json()["errors"])
    assert not Channel.objects.exists()


def test_a_channel_whose_address_is_refused_by_now_can_be_switched_off(add, olga, settings):
    channel, _ = add()
    settings.OUTGOING_ALLOW = []
    channel.change(by=olga, is_active=False)

    assert not Channel.objects.get().is_active
    with pytest.raises(ValidationError):
        channel.change(by=olga, address="http://127.0.0.1:1/other")


def test_the_address_is_shown_with_its_port():
    shown = webhook.masked("https://name:word@Hooks.example.org:8443/T0KEN?a=b")

    assert shown == "https://hooks.example.org:8443"
