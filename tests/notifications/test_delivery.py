"""A message is queued once, sent at least once, and what became of it is told."""

import smtplib
import socket
from datetime import timedelta
from threading import Thread
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.core.data.claims import pause_after
from portal.core.ops.checks import NO_MAIL
from portal.core.problems import Overtaken
from portal.core.web.address import absolute
from portal.notifications import jobs
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.models.transmission import LEASE, MOST_ATTEMPTS
from portal.notifications.problems import NotEnded
from portal.notifications.transports import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def attempt(at):
    """Claim what is due and send it; the delivery as it is stored then."""
    delivery = Delivery.claim(at)
    delivery.send(at)
    return Delivery.objects.get(pk=delivery.pk)


def person(olga, email="olga@example.org"):
    User.objects.filter(pk=olga.pk).update(email=email)
    return User.objects.get(pk=olga.pk)


def test_it_works(mailbox, post, olga, now):
    post(to=[person(olga)], text="Look at it.\n")

    sent = attempt(timezone.now())

    (message,) = mailbox.messages
    assert (sent.state, sent.attempts, sent.last_error) == ("sent", 1, "")
    assert sent.sent_at is not None and sent.lease_until is None
    assert message["To"] == "olga@example.org"
    assert message["From"] == "Ops Portal <portal@example.org>"
    assert message["Subject"] == "Disk fills up"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == sent.message_id
    assert message.get_content().strip() == "Look at it."
    assert Delivery.claim(timezone.now()) is None


def test_the_same_event_is_queued_once(post, olga, rita):
    people = [person(olga), person(rita, "rita@example.org"), "team@example.org"]

    first = {each.pk for each in Delivery.objects.post(key="x", to=people, subject="A", text="a")}
    again = Delivery.objects.post(key="x", to=people, subject="B", text="b")

    assert {each.pk for each in again} == first
    assert len(first) == 3
    assert {each.subject for each in again} == {"A"}


def test_a_new_address_is_no_new_event(post, olga):
    post(to=[person(olga)])
    post(to=[person(olga, "new@example.org")])

    assert Delivery.objects.count() == 1


def test_other_events_and_other_people_are_queued(post):
    post(key="a")
    post(key="b")
    post(key="b", to=["other@example.org"])

    assert Delivery.objects.count() == 3


def test_it_belongs_to_the_transaction_of_the_caller(post):
    with transaction.atomic():
        post()
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()


def test_it_waits_until_it_is_due(mailbox, post, now):
    post(at=now + timedelta(hours=1))

    assert Delivery.claim(now) is None
    assert Delivery.objects.due(now + timedelta(hours=1)).count() == 1


def test_what_a_clock_that_had_jumped_put_off_is_sent_and_told(mailbox, post, now, caplog):
    post(at=now + timedelta(days=30))
    jumped = Delivery.objects.get()

    jobs.bring_back(now)

    jumped.refresh_from_db()
    assert jumped.last_error == jobs.BROUGHT_BACK
    assert "1 deliveries" in caplog.text
    assert attempt(now).state == DeliveryState.SENT
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize(
    "to", ["nobody", "a@b\r\nBcc: c@d.example", "", "a@example.org, b@c.example"]
)
def test_what_is_no_address_is_refused(post, to):
    with pytest.raises(ValidationError):
        post(to=[to])


@pytest.mark.parametrize("email", ["", "not an address"])
def test_a_person_without_an_address_sees_why_nothing_comes(post, olga, email, now):
    delivery = post(to=[person(olga, email)])

    assert (delivery.state, delivery.to) == ("failed", "")
    assert delivery.last_error == "There is no e-mail address in the profile."
    assert Delivery.claim(now) is None


def test_nothing_is_sent_to_an_account_that_was_switched_off(mailbox, post, olga):
    post(to=[person(olga)])
    User.objects.filter(pk=olga.pk).update(is_active=False)

    failed = attempt(timezone.now())

    assert (failed.state, failed.last_error) == ("failed", "The account is switched off.")
    assert mailbox.messages == []


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("4xx", "The mail server answered 451 4.3.0 Try again later"),
        ("5xx", "The mail server answered 550 5.1.1 Nobody of that name"),
        ("drop", "The mail server hung up."),
        ("hang", "The mail server did not answer in time."),
    ],
)
def test_a_failure_is_told_and_tried_again(mailbox, post, settings, mode, why):
    patience = settings.EMAIL_TIMEOUT
    settings.EMAIL_TIMEOUT = 0.3 if mode == "hang" else patience
    post()
    mailbox.mode, at = mode, timezone.now()

    failed = attempt(at)

    assert (failed.state, failed.last_error) == ("waiting", why)
    assert failed.due_at == at + timedelta(seconds=30)
    mailbox.mode, settings.EMAIL_TIMEOUT = "ok", patience
    assert Delivery.claim(at + timedelta(seconds=29)) is None
    assert attempt(at + timedelta(seconds=30)).state == "sent"
    assert set(mailbox.ids) == {failed.message_id}


def test_a_server_that_is_not_there_is_told(mailbox, post, settings):
    settings.EMAIL_PORT = 1
    post()

    failed = attempt(timezone.now())

    assert failed.last_error == "The mail server cannot be reached (Connection refused)."


def drip(server):
    """A mail server that says one character after the other, for ever."""
    talk, _ = server.accept()
    try:
        while True:
            talk.sendall(b"2")
            sleep(0.05)
    except OSError:
        talk.close()


def test_a_server_that_drips_is_left_at_the_deadline(mailbox, post, settings, monkeypatch):
    monkeypatch.setattr(mail, "DEADLINE", 0.5)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        settings.EMAIL_PORT = server.getsockname()[1]
        Thread(target=drip, args=[server], daemon=True).start()
        post()

        failed = attempt(timezone.now())

    assert failed.last_error == "The mail server was not done within 0 s."
    assert failed.state == DeliveryState.WAITING


def test_it_is_given_up_in_the_end(mailbox, post):
    post()
    mailbox.mode, at, pauses = "5xx", timezone.now(), []
    delivery = attempt(at)
    while delivery.state == DeliveryState.WAITING:
        pauses.append(delivery.due_at - at)
        at = delivery.due_at
        delivery = attempt(at)

    assert (delivery.state, delivery.attempts) == ("failed", MOST_ATTEMPTS)
    assert pauses == [pause_after(n) for n in range(1, MOST_ATTEMPTS)]
    assert pauses == sorted(pauses) and max(pauses) == timedelta(hours=1)
    assert Delivery.claim(at + timedelta(days=9)) is None


def test_after_a_night_without_engine_each_is_sent_once(mailbox, post, now):
    for n in range(3):
        post(key=f"n{n}", at=now - timedelta(hours=7))

    while jobs.deliver(timezone.now()):
        pass

    assert len(mailbox.messages) == 3


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(post):
    post()
    at = timezone.now()
    first = Delivery.claim(at)

    assert Delivery.claim(at + LEASE - timedelta(seconds=1)) is None
    second = Delivery.claim(at + LEASE)
    assert second.fence == first.fence + 1


def test_a_worker_that_stood_still_does_not_send(mailbox, post):
    post()
    at = timezone.now()
    stale = Delivery.claim(at)

    with pytest.raises(Overtaken):
        stale.send(at + LEASE)
    assert mailbox.messages == []


def test_the_record_of_a_worker_that_stood_still_is_refused(mailbox, post):
    post()
    at = timezone.now()
    stale = Delivery.claim(at)
    newer = Delivery.claim(at + LEASE)
    newer.send(at + LEASE)
    mailbox.mode = "5xx"

    with pytest.raises(Overtaken):
        stale.send(at)
    assert Delivery.objects.get().state == "sent"
    assert Delivery.objects.get().last_error == ""


def test_that_the_farewell_fails_does_not_send_it_twice(mailbox, post, monkeypatch):
    def quit_badly(self):
        raise smtplib.SMTPResponseException(421, b"Go away")

    monkeypatch.setattr(smtplib.SMTP, "quit", quit_badly)
    post()

    assert attempt(timezone.now()).state == "sent"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x85", "\u2028", "\x00", "\x0b"])
def test_a_line_break_in_a_subject_makes_no_header(mailbox, post, end):
    post(subject=f"Disk{end}Bcc: evil@example.org{end}{end}Body", text="a\x00b")

    attempt(timezone.now())

    (message,), (envelope,) = mailbox.messages, mailbox.envelopes
    assert message["Bcc"] is None
    assert message["Subject"] == "Disk Bcc: evil@example.org Body"
    assert envelope.rcpt_tos == ["ops@example.org"]
    assert message.get_content().strip() == "ab"


def test_a_key_with_line_breaks_makes_no_header(mailbox, post):
    post(key="x\r\nBcc: evil@example.org")

    attempt(timezone.now())

    assert mailbox.messages[0]["Bcc"] is None
    assert len(mailbox.messages[0].keys()) == len(set(mailbox.messages[0].keys()))


def test_letters_of_the_world_arrive(mailbox, post):
    post(subject="Größe: 磁盘", text="Füllt sich, 快")

    attempt(timezone.now())

    assert mailbox.messages[0]["Subject"] == "Größe: 磁盘"
    assert mailbox.messages[0].get_content().strip() == "Füllt sich, 快"


def test_a_refused_sign_in_tells_no_secret():
    error = smtplib.SMTPAuthenticationError(535, b"bad password hunter2")

    assert mail.reason_of(error) == "The mail server refused the sign-in (535)."


@pytest.mark.parametrize("backend", ["", NO_MAIL])
def test_without_a_mail_server_everything_waits(settings, post, backend):
    settings.EMAIL_BACKEND = backend
    post()

    assert jobs.deliver(timezone.now()) is False
    assert Delivery.objects.get().state == "waiting"
    assert Delivery.objects.get().attempts == 0


def test_sent_again_it_is_tried_from_the_start(mailbox, post, olga):
    post()
    sent = attempt(timezone.now())

    sent.send_again(by=olga)

    assert attempt(timezone.now()).attempts == 1
    assert mailbox.ids == [sent.message_id] * 2


def test_sent_again_it_goes_to_the_address_that_was_missing(mailbox, post, olga):
    post(to=[person(olga, "")])
    with pytest.raises(NotEnded):
        Delivery.objects.get().send_again(by=olga)

    person(olga, "olga@example.org")
    Delivery.objects.get().send_again(by=olga)

    assert attempt(timezone.now()).state == "sent"


def test_what_is_on_its_way_is_not_sent_again(post, olga):
    waiting = post()

    with pytest.raises(NotEnded):
        waiting.send_again(by=olga)


@pytest.mark.parametrize(
    "wrong", [{"state": "lost"}, {"state": "sending"}, {"state": "sent"}, {"lease_until": "now"}]
)
def test_the_database_refuses_what_cannot_be(post, now, wrong):
    delivery = post()
    values = {name: now if value == "now" else value for name, value in wrong.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**values)


def test_links_lead_to_the_portal(settings):
    settings.ADDRESS = "https://portal.example.org/"

    assert absolute("/runbooks/x/") == "https://portal.example.org/runbooks/x/"
