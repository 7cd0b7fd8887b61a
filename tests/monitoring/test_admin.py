"""The administration of this app: to read, with the verbs and permissions of the pages."""

from html import unescape

import pytest
from django.urls import reverse

from portal.monitoring.models import (
    Alert,
    Heartbeat,
    Intake,
    Maintenance,
    PingKey,
    Silence,
)
from portal.notifications.models import Channel, ContactMethod
from tests.monitoring.heartbeats.world import make_heartbeats
from tests.monitoring.world import make_alerts, make_mutings

pytestmark = pytest.mark.django_db
MODELS = (Alert, Heartbeat, Intake, Maintenance, PingKey, Silence, Channel, ContactMethod)
SECRET = "T0KEN-" + "x" * 30


def at(model, page: str = "changelist", *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def everything(olga):
    make_alerts()
    make_heartbeats(by=olga)
    make_mutings(olga)
    hook = f"https://hooks.example.org/{SECRET}"
    Channel.objects.add(by=olga, name="Pager", kind="webhook", address=hook)
    ContactMethod.objects.add(olga, kind="service", address=f"ntfys://ntfy.example.org/{SECRET}")


def secrets() -> list[str]:
    rows = Heartbeat.objects.values_list("uuid", "badge_key")
    return [
        SECRET,
        *(str(each) for row in rows for each in row),
        *PingKey.objects.values_list("key", flat=True),
        *Intake.objects.values_list("digest", flat=True),
        *Channel.objects.values_list("secret", flat=True),
    ]


@pytest.mark.parametrize("model", MODELS)
def test_operators_read_every_row_and_no_secret(model, everything, olga, client_of):
    browser, hidden = client_of(olga), secrets()
    row = model.objects.order_by("pk").first()

    for address in (at(model), at(model, "change", row.pk)):
        page = unescape(browser.get(address).content.decode())
        assert str(row) in page
        assert [each for each in hidden if each in page] == []
    assert browser.get(at(model, "add")).status_code == 403
    assert browser.post(at(model, "change", row.pk), {}).status_code == 403
    assert browser.get(at(model, "delete", row.pk)).status_code == 403


def test_an_intake_that_received_something_says_how_it_stands(everything, olga, client_of):
    browser, intake = client_of(olga), Intake.objects.get()
    refused = [browser.get(at(Intake)), browser.get(at(Intake, "change", intake.pk))]
    intake.received.filter(answer=400).delete()
    taken = [browser.get(at(Intake)), browser.get(at(Intake, "change", intake.pk))]

    assert all("Last one refused" in each.content.decode() for each in refused)
    assert all("Receives" in each.content.decode() for each in taken)


def chosen(browser, model, action: str, row) -> None:
    sent = {"action": action, "_selected_action": [row.pk]}
    assert browser.post(at(model), sent).status_code in (200, 302)


def test_the_actions_are_the_verbs(everything, olga, client_of):
    browser = client_of(olga)
    backup, intake = Heartbeat.objects.order_by("pk").first(), Intake.objects.first()
    silence, plan, key = Silence.objects.get(), Maintenance.objects.get(), PingKey.objects.get()

    chosen(browser, Heartbeat, "pause", backup)
    assert Heartbeat.objects.get(pk=backup.pk).paused_at
    chosen(browser, Heartbeat, "resume", backup)
    assert Heartbeat.objects.get(pk=backup.pk).paused_at is None
    chosen(browser, Heartbeat, "remove", backup)
    assert not Heartbeat.objects.filter(pk=backup.pk).exists()
    chosen(browser, Intake, "revoke", intake)
    assert Intake.objects.get(pk=intake.pk).revoked_at
    assert Alert.objects.muted().exists()
    chosen(browser, Silence, "end", silence)
    assert Silence.objects.get().ended_by == olga and not Alert.objects.muted().exists()
    chosen(browser, Maintenance, "cancel", plan)
    assert Maintenance.objects.get().cancelled_at
    chosen(browser, PingKey, "revoke", key)
    assert not PingKey.objects.exists()


def test_what_a_verb_refuses_is_said(everything, olga, client_of):
    browser, silence = client_of(olga), Silence.objects.get()
    silence.end(by=olga)
    sent = {"action": "end", "_selected_action": [silence.pk]}

    page = browser.post(at(Silence), sent, follow=True).content.decode()
    assert "This silence is over already" in page and "Ended: 0." in page


def test_channels_are_switched_off_and_on(everything, olga, client_of):
    browser, channel = client_of(olga), Channel.objects.get()
    for action, is_active in (("switch_off", False), ("switch_on", True)):
        chosen(browser, Channel, action, channel)
        assert Channel.objects.get().is_active is is_active


def test_authors_read_what_their_pages_show_and_do_no_more(everything, alice, client_of):
    browser = client_of(alice)
    for model in (Alert, Heartbeat, PingKey, Silence, Maintenance):
        assert browser.get(at(model)).status_code == 200
    for model in (Intake, Channel, ContactMethod):
        assert browser.get(at(model)).status_code == 403
    key = PingKey.objects.get()
    chosen(browser, PingKey, "revoke", key)
    assert PingKey.objects.filter(pk=key.pk).exists()


def test_a_heartbeat_that_is_removed_leaves_no_alert_that_fires(everything, olga, client_of):
    chosen(client_of(olga), Heartbeat, "remove", Heartbeat.objects.get(name="Log shipper"))

    assert not Alert.objects.firing().filter(source="heartbeats").exists()
