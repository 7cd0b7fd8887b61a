"""Messages that are due, over the workers of one engine: with a dead channel among them, or none.

The receivers are a function in place of the network: what is measured is the outbox.
"""

import json
import sys
from threading import Thread
from time import monotonic, sleep

import django

django.setup()

from django.db import OperationalError, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.notifications import jobs  # noqa: E402
from portal.notifications.models import Channel, Delivery, DeliveryState  # noqa: E402
from portal.notifications.transports import Unsent, webhook  # noqa: E402

CHANNELS = 20
TENTH = 10  # of the messages, one is for the dead channel
HANGS = 2.0  # seconds, at each attempt
DEAD = "https://dead.example.org/"


def send(url: str, *message) -> int:
    if url == DEAD:
        sleep(HANGS)
        raise Unsent("It took too long.")
    return 200


def fill(count: int, *, dead: bool) -> None:
    """So many messages to channels that work and, the first of all, a tenth more to a dead one."""
    hosts = [f"https://c{n}.example.org/" for n in range(CHANNELS)]
    channels = [_channel(host) for host in hosts]
    if dead:
        channel = _channel(DEAD)
        _queue(channel, (f"d{n}" for n in range(count // TENTH)))
    for n, channel in enumerate(channels):
        _queue(channel, (f"n{number}" for number in range(n, count, CHANNELS)))


def _channel(address: str) -> Channel:
    return Channel.objects.add(by=None, name=address, kind="webhook", address=address)[0]


def _queue(channel: Channel, keys) -> None:
    about = {"channel": channel, "transport": "webhook", "subject": "S", "text": "T", "to": "x"}
    Delivery.objects.bulk_create(Delivery(key=key, **about) for key in keys)


def work() -> None:
    """As a worker of the engine, which goes on after the database was busy for too long."""
    while True:
        try:
            while jobs.deliver_elsewhere(timezone.now()):
                pass
            break
        except OperationalError:
            continue
    connections.close_all()


def seconds(count: int, *, dead: bool) -> tuple[float, int]:
    """How long until all but those to the dead channel are sent, and how many were."""
    Channel.objects.all().delete()
    fill(count, dead=dead)
    began = monotonic()
    workers = [Thread(target=work) for _ in range(jobs.SENDERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sent = Delivery.objects.filter(state=DeliveryState.SENT, channel__isnull=False)
    last = sent.order_by("-sent_at").values_list("sent_at", flat=True).first()
    ended = monotonic() - (timezone.now() - last).total_seconds() if last else monotonic()
    return ended - began, sent.count()


def main(count: int) -> None:
    webhook.send = send
    with_dead, sent = seconds(count, dead=True)
    without, others = seconds(count, dead=False)
    print(json.dumps({"with_dead": with_dead, "without": without, "sent": min(sent, others)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
