"""Engines as they run: many at once, killed, frozen, told to end. All parts are real."""

import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal.notifications.models import Beat, Delivery
from portal.notifications.models.transmission import LEASE
from tests.programs import ROOT, Python, bare_environment
from tests.runbooks.test_concurrency import at_once

ENGINES, DELIVERIES, LETTERS, OTHERS = 8, 250, 60, 20
PATIENCE = 30

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]


def queue(count: int) -> None:
    for n in range(count):
        Delivery.objects.post(key=f"n{n}", to=["ops@example.org"], subject=f"No. {n}", text="x")


def database_url() -> str:
    has = connections["default"].settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{has['NAME']}"
    return f"postgres://{has['USER']}:{has['PASSWORD']}@{has['HOST']}:{has['PORT']}/{has['NAME']}"


@pytest.fixture
def start(shared_database, mailbox, tmp_path):
    """Start an engine as operators do; none outlives the test."""
    started = []

    def start(*options, url=None):
        environment = bare_environment(
            PORTAL_DATA=str(tmp_path),
            PORTAL_DATABASE_URL=database_url(),
            PORTAL_EMAIL_URL=url or mailbox.url,
            PORTAL_EMAIL_FROM="portal@example.org",
            PORTAL_OUTGOING_ALLOW="127.0.0.1",
            PORTAL_LOG_LEVEL="WARNING",
        )
        started.append(Python(ROOT / "manage.py", "engine", *options, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait(PATIENCE)


def until(happened, what: str):
    """What `happened()` returns once it is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := happened():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Not within {PATIENCE} s: {what}")


def ended(process) -> str:
    said = "".join(process.communicate(timeout=PATIENCE))
    assert process.returncode == 0, said
    return said


def in_state(state: str):
    return lambda: Delivery.objects.filter(state=state).count()


def leases_run_out() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(state="sending").update(lease_until=past)


def writable() -> bool:
    if connection.vendor != "sqlite":
        return True  # the engine's other jobs lock other rows
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, timeout=0.5)) as other, suppress(sqlite3.OperationalError):
        other.execute("BEGIN IMMEDIATE")
        return True
    return False


def freeze(process) -> None:
    """Stop it where it holds no lock: frozen in the middle of a beat it would keep SQLite's."""
    stop(process)
    while not writable():
        process.send_signal(signal.SIGCONT)
        time.sleep(0.1)
        stop(process)


def stop(process) -> None:
    """Stop all its threads: the signal is sent before the last of them stands still."""
    process.send_signal(signal.SIGSTOP)
    until(lambda: states_of(process) == {"T"}, "it stands still")


def states_of(process) -> set[str]:
    """Of its threads, as Linux says them (proc_pid_stat(5)); T is stopped."""
    stats = Path(f"/proc/{process.pid}/task").glob("*/stat")
    return {path.read_text().rpartition(")")[2].split()[0] for path in stats}


@pytest.mark.parametrize("engines", [2, ENGINES])
def test_of_many_engines_one_claims_each(engines):
    queue(DELIVERIES)
    now = timezone.now()

    def claim_all(index):
        claimed = []
        while delivery := Delivery.claim(now):
            claimed.append((delivery.pk, delivery.fence, delivery.attempts))
        return claimed

    found = at_once(engines, claim_all)

    each = Counter(claim for claimed in found for claim in claimed)
    assert len(each) == DELIVERIES
    assert set(each.values()) == {1}
    assert {(fence, attempts) for _, fence, attempts in each} == {(1, 1)}


def test_several_processes_send_each_once(start, mailbox):
    queue(LETTERS)

    for process in [start("--once") for _ in range(2)]:
        assert ended(process) == ""

    assert len(mailbox.messages) == LETTERS
    assert len(set(mailbox.ids)) == LETTERS
    assert in_state("sent")() == LETTERS


def test_killed_between_sending_and_recording_it_sends_once_more_with_the_same_id(start, mailbox):
    queue(1)
    first = start()
    mailbox.accepting = first.kill  # the mail server has it, and the engine never learns
    first.wait(PATIENCE)
    mailbox.accepting = lambda: None

    assert Delivery.objects.get().state == "sending"
    ended(start("--once"))  # the lease still holds: nothing is done
    assert len(mailbox.messages) == 1

    leases_run_out()
    ended(start("--once"))
    ended(start("--once"))

    assert len(mailbox.messages) == 2
    assert set(mailbox.ids) == {Delivery.objects.get().message_id}
    assert Delivery.objects.get().state == "sent"


def test_frozen_and_woken_its_record_is_refused(start, mailbox):
    queue(1)
    frozen = start()
    answer = Event()
    mailbox.accepting = answer.wait
    until(lambda: mailbox.messages, "the first engine sends")
    freeze(frozen)
    mailbox.accepting = lambda: None
    answer.set()
    leases_run_out()
    ended(start("--once"))
    recorded = Delivery.objects.values().get()

    frozen.send_signal(signal.SIGCONT)
    time.sleep(1)
    frozen.terminate()

    assert "Another engine has taken it over" in ended(frozen)
    assert Delivery.objects.values().get() == recorded
    assert (recorded["state"], recorded["fence"]) == ("sent", 2)
    assert len(set(mailbox.ids)) == 1


def test_told_to_end_it_finishes_what_it_has_begun(start, mailbox):
    queue(1)
    process = start()

    def slowly():
        process.terminate()
        time.sleep(2)

    mailbox.accepting = slowly

    assert ended(process) == ""
    assert Delivery.objects.get().state == "sent"


def test_told_to_end_while_the_mail_server_hangs_it_ends_within_ten_seconds(start, mailbox):
    queue(1)
    mailbox.mode = "hang"
    process = start()
    until(in_state("sending"), "it is being sent")
    begun = time.monotonic()
    process.terminate()
    ended(process)

    assert time.monotonic() - begun < 10
    assert Delivery.objects.get().state == "waiting"


def test_a_mail_server_that_hangs_does_not_hold_up_other_jobs(start, mailbox):
    queue(3)
    mailbox.mode = "hang"
    start()
    until(lambda: in_state("sending")() == 3, "each is in the hands of a worker of its own")
    Beat.objects.all().delete()

    until(Beat.objects.exists, "it beats meanwhile")
    assert in_state("sending")() == 3


def test_one_address_that_hangs_delays_no_other_message(start, mailbox):
    Delivery.objects.post(key="first", to=["hung@example.org"], subject="Hung", text="x")
    mailbox.hanging = {"hung@example.org"}
    start()
    until(in_state("sending"), "the first is being sent")
    queue(OTHERS)

    until(lambda: in_state("sent")() == OTHERS, "all others are sent")
    assert Delivery.objects.get(key="first").state == "sending"  # at its first attempt
    assert Delivery.objects.get(key="first").fence == 1


def test_two_engines_with_many_workers_send_each_once(start, mailbox):
    engines = [start(), start()]
    until(Beat.objects.exists, "they run")
    queue(LETTERS)

    until(lambda: in_state("sent")() == LETTERS, "all are sent")
    for engine in engines:
        engine.terminate()
    assert [ended(engine) for engine in engines] == ["", ""]
    assert len(mailbox.messages) == len(set(mailbox.ids)) == LETTERS
    assert set(Delivery.objects.values_list("fence", "attempts")) == {(1, 1)}


def test_it_sends_what_is_queued_while_it_runs_and_beats(start, mailbox):
    process = start()
    until(Beat.objects.exists, "it beats")
    queue(1)

    until(in_state("sent"), "it is sent")
    process.terminate()
    assert ended(process) == ""
    assert Beat.objects.word(timezone.now()) == "ok"


def test_interrupted_by_hand_it_ends_as_well(start, mailbox):
    process = start()
    until(Beat.objects.exists, "it beats")
    process.send_signal(signal.SIGINT)

    assert ended(process) == ""


def test_while_the_database_is_away_it_waits_and_then_goes_on(start, mailbox):
    process = start()
    until(Beat.objects.exists, "it beats")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_beat RENAME TO away")
    time.sleep(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE away SET at = %s", [timezone.now() - timedelta(days=1)])
        cursor.execute("ALTER TABLE away RENAME TO notifications_beat")

    until(lambda: Beat.objects.word(timezone.now()) == "ok", "it beats again")
    process.terminate()
    assert process.wait(PATIENCE) == 0


def test_once_newer_code_migrates_the_database_it_ends_and_says_so(start, mailbox):
    process = start()
    until(Beat.objects.exists, "it beats")
    MigrationRecorder(connection).record_applied("notifications", "9999_of_the_next_release")

    said = "".join(process.communicate(timeout=PATIENCE))
    assert process.returncode == 1
    assert "migrated by newer code (notifications.9999_of_the_next_release)" in said


def test_a_lease_is_longer_than_an_attempt():
    from portal.core.ops.engine import GRACE
    from portal.notifications.transports import mail, webhook

    longest = max(mail.DEADLINE, webhook.DEADLINE)
    assert longest < GRACE < 10 < LEASE.total_seconds()
