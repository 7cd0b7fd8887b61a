"""A message goes to a chat, push or SMS service, and its secrets go nowhere else."""

import ast
import inspect
import logging
import sys
from time import monotonic

import pytest
from apprise.manager_plugins import NotificationManager
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.notifications.transports import Unsent, service
from portal.notifications.transports.message import Message
from portal.notifications.transports.schemes import NAMES, SERVICES
from tests.hostile import stub

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
SECRET = "TIiajkdnlazkcOXrIdevi7FQ"
TWILIO = f"twilio://AC{'a1' * 16}:{'b2' * 16}@15555555555/+4930123456"


@pytest.fixture
def target(settings):
    with stub() as server:
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.port}"]
        yield server


def message(to, text="Look at it.\nhttps://portal.example.org/x_y_z", subject="Disk fills up"):
    about = {"key": "disk", "kind": "", "urgency": "high", "created_at": timezone.now()}
    return Message(id="msg_1", to=to, subject=subject, text=text, **about)


def test_it_works(target):
    said = service.hand_over(message(f"ntfy://127.0.0.1:{target.port}/topic"))

    ((method, path, headers, body),) = target.heard
    assert said == "ntfy took it."
    assert (method, path, headers["user-agent"]) == ("POST", "/", "Ops Portal")
    assert b'"title": "Disk fills up"' in body and b"https://portal.example.org/x_y_z" in body


@pytest.mark.parametrize(
    "address",
    [
        "mmost://127.0.0.1:{port}/" + "k" * 24,
        "gotify://127.0.0.1:{port}/token12345",
        "signal://127.0.0.1:{port}/+15555555555/+15555555556",
        "rocket://webhook/abcdef@127.0.0.1:{port}/#ops",
        "nctalk://user:password@127.0.0.1:{port}/room",
    ],
)
def test_links_survive_in_each_service_that_a_team_runs_itself(target, address):
    service.hand_over(message(address.format(port=target.port)))

    assert b"https://portal.example.org/x_y_z" in target.heard[-1][3]


def test_a_long_text_is_cut_and_sent_once(target):
    service.hand_over(message(f"mmost://127.0.0.1:{target.port}/{'k' * 24}", text="x" * 100_000))

    assert len(target.heard) == 1
    assert len(target.heard[0][3]) < 10_000


def test_a_refusal_is_told_without_the_secrets_of_the_address(target):
    target.statuses["/hooks/" + "k" * 24] = 403

    with pytest.raises(Unsent) as refusal:
        service.hand_over(message(f"mmost://127.0.0.1:{target.port}/{'k' * 24}"))

    assert "403" in str(refusal.value)
    assert "k" * 24 not in str(refusal.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ntfys://ntfy.example.org/secret-topic", "403 at ntfy.example.org for …"),
        ("rockets://secret-topic/token1@chat.example.org/#ops", "403 at … for …"),
        ("ntfys://secret%2Dtopic", "403 at ntfy.example.org for …"),
    ],
)
def test_what_was_said_is_cleaned_of_what_nobody_may_see(address, said):
    host = "chat.example.org" if "chat" in address else "ntfy.example.org"

    assert service._cleaned(address, f"403 at {host} for secret-topic") == said


def test_an_address_that_is_not_permitted_is_told_and_not_connected_to(target, settings):
    settings.OUTGOING_ALLOW = []

    with pytest.raises(Unsent, match="PORTAL_OUTGOING_ALLOW"):
        service.hand_over(message(f"ntfy://127.0.0.1:{target.port}/topic"))

    assert target.connections == 0


def test_a_redirect_leads_nowhere_else(target):
    target.location = "http://169.254.169.254/latest/"
    target.answer_ok = target.answer_redirect

    with pytest.raises(Unsent, match="PORTAL_OUTGOING_ALLOW"):
        service.hand_over(message(f"ntfy://127.0.0.1:{target.port}/topic"))


@pytest.mark.parametrize("mode", ["hang", "slow_head", "slow_body", "endless", "bomb", "reset"])
def test_a_hostile_service_costs_the_deadline_at_most(target, monkeypatch, mode):
    monkeypatch.setattr(service, "DEADLINE", 0.5)
    target.answer_ok = getattr(target, f"answer_{mode}")
    begun = monotonic()

    with pytest.raises(Unsent):
        service.hand_over(message(f"ntfy://127.0.0.1:{target.port}/topic"))

    assert monotonic() - begun < 3


def test_a_name_that_leads_nowhere_is_told():
    with pytest.raises(Unsent, match="cannot be reached"):
        service.hand_over(message("ntfy://no-such-host.invalid/topic"))


@pytest.mark.parametrize(
    "address",
    [
        *("json://127.0.0.1/", "xml://127.0.0.1/", "form://127.0.0.1/", "syslog://", "dbus://"),
        *("mailto://user:password@example.org", "windows://", "macosx://", "mqtt://localhost/t"),
        *("rsyslog://localhost", "apprise://localhost/key", "file:///etc/passwd", "hassio://a/b"),
        *("https://example.org/hook", "example.org", "", "ntfy", "smpp://a:b@c/1/2", "irc://a/b"),
    ],
)
def test_only_chosen_services_are_addresses(address):
    with pytest.raises(ValidationError, match="no address of a service"):
        service.validate(address)


@pytest.mark.parametrize("address", ["slack://", "pover://short", "twilio://AC1:b@1/2"])
def test_an_address_that_is_not_complete_is_told(address):
    with pytest.raises(ValidationError, match="not complete"):
        service.validate(address)


@pytest.mark.parametrize(
    "asked", ["template=/etc/passwd", "Template=http://a/b", "retry=5", "wait=9", "store=yes"]
)
def test_an_address_cannot_make_it_read_files_or_sleep(asked):
    with pytest.raises(ValidationError, match="Leave"):
        service.validate(f"{SLACK}?{asked}")


@pytest.mark.parametrize(
    "address",
    [
        *("ntfy://", "ntfys://", "ntfys://ntfy.example.org", "ntfys://u:p@ntfy.example.org"),
        *("nctalk://user:password@cloud.example.org", "seven://" + "a" * 20),
        *("bulksms://token:secret@", "clicksend://user:key@12", "threema://*ABCDEFG@secret"),
    ],
)
def test_an_address_that_names_nobody_to_send_to_is_told(address):
    with pytest.raises(ValidationError, match="names nobody to send to"):
        service.validate(address)


@pytest.mark.parametrize(
    "address",
    [
        *("ntfy://topic", "ntfy://12345", "tgram://123456789:abcdefg_hijklmnop"),
        *("gotify://gotify.example.org/token12345", "nctalk://u:p@cloud.example.org/room"),
        *("bulksms://token:secret@+15551234567", "threema://*ABCDEFG@secret/+15551234567"),
    ],
)
def test_an_address_that_knows_where_to_send_to_is_taken(address):
    service.validate(address)


def test_a_private_address_in_figures_is_refused_at_once(settings):
    settings.OUTGOING_ALLOW = ["10.1.2.3:8080"]
    service.validate("ntfy://10.1.2.3:8080/topic")
    for address in ("ntfy://127.0.0.1:8299/topic", "gotify://[::1]/token12345"):
        with pytest.raises(ValidationError, match="PORTAL_OUTGOING_ALLOW"):
            service.validate(address)


@pytest.mark.parametrize(
    "address", [SLACK + " ", "ntfy://a/b\nc", "ntfy://a/\0", SLACK + "x" * 2000]
)
def test_strange_characters_and_lengths_are_told(address):
    with pytest.raises(ValidationError):
        service.validate(address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (SLACK, "Slack …i7FQ"),
        (f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{SECRET}", "hooks.slack.com …i7FQ"),
        (TWILIO, "Twilio …3456"),
        ("ntfys://ntfy.example.org/secret-topic", "ntfy at ntfy.example.org"),
        ("ntfys://secret-topic", "ntfy"),
        ("mmosts://bot@chat.example.org:8065/secret-token", "Mattermost at chat.example.org"),
        ("matrixs://user:secret@matrix.example.org/#room", "Matrix at matrix.example.org"),
        ("rockets://secret/token@chat.example.org/#ops", "Rocket.Chat"),
        ("nctalks://user:secret@cloud.example.org/room", "Nextcloud Talk at cloud.example.org"),
        (f"pover://{'u' * 30}@{'t' * 26}wxyz", "Pushover …wxyz"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "Discord …V_js"),
        ("pbul://short", "Pushbullet"),
        ("://", "a service"),
        ("http://[", "a service"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address, shown):
    assert service.masked(address) == shown


def test_what_apprise_logs_goes_to_no_log_of_the_portal(settings):
    assert settings.LOGGING["loggers"]["apprise"]["handlers"] == ["nowhere"]
    assert logging.getLogger("apprise").propagate is False


@pytest.mark.parametrize("scheme", SERVICES)
def test_each_service_opens_connections_by_requests_only(scheme):
    plugin = NotificationManager()[scheme]

    package = inspect.getmodule(plugin)
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(inspect.getsource(package)))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    assert "requests" in imported
    others = imported - {"requests", "cryptography", "markdown"} - sys.stdlib_module_names
    assert not others
    assert not imported & {"socket", "smtplib", "ssl", "subprocess", "http", "urllib3", "ftplib"}


def test_the_names_of_services_are_each_named_once():
    assert len(NAMES) == len(set(NAMES)) > 25
