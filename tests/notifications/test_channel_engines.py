"""Engines and channels: one message at a time to each, and a dead one delays nobody else."""

import time
from collections import Counter

import pytest
from django.utils import timezone

from portal.notifications.models import Channel, Delivery
from tests.runbooks.test_concurrency import at_once

from .test_engines import (  # noqa: F401
    PATIENCE,
    ended,
    in_state,
    leases_run_out,
    start,
    until,
)

CHANNELS, EACH = 12, 3
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_database")]


def hook(receiver, path: str) -> Channel:
    address = f"{receiver.url}/{path}"
    return Channel.objects.add(by=None, name=path, kind="webhook", address=address)[0]


def queue(channel: Channel, count: int) -> None:
    for n in range(count):
        Delivery.objects.post(key=f"n{n}", to=[channel], subject=f"No. {n}", text="x")


@pytest.mark.parametrize("workers", [2, 8])
def test_of_many_workers_one_has_a_message_to_a_channel(receiver, workers):
    for n in range(CHANNELS):
        queue(hook(receiver, f"c{n}"), EACH)
    now = timezone.now()

    def claim_all(index):
        claimed = []
        while delivery := Delivery.claim(now):
            claimed.append(delivery.channel_id)
        return claimed

    found = Counter(channel for claimed in at_once(workers, claim_all) for channel in claimed)

    assert found == Counter(Channel.objects.values_list("pk", flat=True))
    assert in_state("sending")() == CHANNELS


def test_a_channel_that_hangs_occupies_one_worker_and_the_rest_is_delivered(start, receiver):  # noqa: F811
    receiver.hangs = {"/hung"}
    hung = hook(receiver, "hung")
    queue(hung, 20)
    queue(hook(receiver, "one"), 5)
    queue(hook(receiver, "two"), 5)
    start()

    until(lambda: in_state("sent")() == 10, "all others are sent")
    assert [path for path, *_ in receiver.received].count("/hung") == 1
    assert hung.deliveries.filter(state="sending", fence=1).count() == 1
    assert hung.deliveries.filter(state="waiting", fence=0).count() == 19


def test_a_channel_that_hangs_holds_up_no_mail_and_mail_that_hangs_no_channel(
    start,  # noqa: F811
    receiver,
    mailbox,
):
    mailbox.hanging, receiver.hangs = {"hung@example.org"}, {"/hung"}
    for n in range(6):  # more than the workers that mail has
        Delivery.objects.post(key=f"m{n}", to=["hung@example.org"], subject="Hung", text="x")
        queue(hook(receiver, "hung"), 1)
    start()
    until(lambda: in_state("sending")() >= 8, "both hang")
    queue(hook(receiver, "one"), 3)

    until(lambda: in_state("sent")() == 3, "the channel gets its messages")


def test_told_to_end_while_a_channel_hangs_it_ends_within_ten_seconds(start, receiver):  # noqa: F811
    receiver.hangs = {"/hung"}
    queue(hook(receiver, "hung"), 1)
    process = start()
    until(in_state("sending"), "it is being sent")
    begun = time.monotonic()
    process.terminate()
    ended(process)

    assert time.monotonic() - begun < 10
    assert Delivery.objects.get().state == "waiting"


def test_killed_between_sending_and_recording_it_sends_once_more_with_the_same_id(
    start,  # noqa: F811
    receiver,
):
    queue(hook(receiver, "one"), 1)
    first = start()
    receiver.accepting = first.kill  # it has the message, and the engine never learns
    first.wait(PATIENCE)
    receiver.accepting = lambda: None
    ended(start("--once"))  # the lease still holds: nothing is done
    assert len(receiver.received) == 1

    leases_run_out()
    ended(start("--once"))
    ended(start("--once"))

    assert len(receiver.received) == 2
    ids = {headers["webhook-id"] for _, headers, _ in receiver.received}
    assert ids == {Delivery.objects.get().message_id}
    assert Delivery.objects.get().state == "sent"
    assert Delivery.objects.get().attempt_set.count() == 1
