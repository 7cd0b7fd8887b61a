"""Channels of the teams of the shop, how its people are reached, and messages with a history.

The demo contacts nobody: it has no mail server, so that mail waits, and what is not mail is
switched off or not verified. All of it leads to example.org.
"""

from datetime import time, timedelta
from typing import Any

from portal.core.ops.demo import World
from portal.notifications.models import (
    Attempt,
    Channel,
    ContactMethod,
    Delivery,
    DeliveryState,
    QuietHours,
    Urgency,
)

DOING = "channels and contact methods"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HOOK, CHAT = "deployments", "payments-chat"
CHANNELS = (
    ("Platform on call", "platform", "mail", "platform-on-call@example.org", Urgency.HIGH),
    ("Storefront", "storefront", "mail", "storefront-team@example.org", Urgency.HIGH),
    ("Deployments", None, "webhook", "https://hooks.example.org/deployments", Urgency.LOW),
    ("Payments chat", "payments", "service", "ntfys://ntfy.example.org/payments-7d20", Urgency.LOW),
)
QUIET = {"rita": (time(22), time(7)), "olga": (time(23), time(6, 30))}
GONE = "The address answered 410: it is gone."


def load(world: World) -> None:
    """The shop once: what visitors changed stays."""
    if not world.is_new:
        return
    channels = {each.slug: each for each in _channels(world)}
    for name, person in world.people.items():
        if person.has_usable_password():
            _reach(person, name, world)
    for name, (starts, ends) in QUIET.items():
        person = world.people[name]
        QuietHours.objects.choose(person, by=person, starts=starts, ends=ends)
    _failed(channels[HOOK], world)
    _sent_again(channels[CHAT], world)
    world.report(f"{len(channels)} channels, and messages that failed and were sent again")


def _channels(world: World) -> list[Channel]:
    made = []
    for name, team, kind, address, urgency in CHANNELS:
        about: dict[str, Any] = {"kind": kind, "address": address, "least_urgency": urgency}
        about["team"] = world.teams[team] if team else None
        about["is_active"] = kind == "mail"
        about["created_at"] = world.now - 40 * DAY
        made.append(Channel.objects.add(by=world.people["olga"], name=name, **about)[0])
    return made


def _reach(person, name: str, world: World) -> None:
    """A second address that is verified; and a phone whose code nobody has typed yet."""
    mail = {"kind": "mail", "address": f"{name}.on-call@example.org", "label": "On-call mailbox"}
    method = ContactMethod.objects.add(person, **mail)
    at = world.now - 30 * DAY
    ContactMethod.objects.filter(pk=method.pk).update(created_at=at, verified_at=at + MINUTE)
    phone = {"kind": "service", "address": f"ntfys://ntfy.example.org/{name}-phone-3b71"}
    ContactMethod.objects.add(person, label="Phone", **phone)


def _failed(hook: Channel, world: World) -> None:
    """What nobody took: the receiver was taken away, and the channel switched off since."""
    at = world.now - 12 * DAY
    about = {"subject": "Deployed: checkout v4.18.0", "text": "Rita Sandoval deployed checkout.\n"}
    delivery = _delivery(hook, "demo-deployed", at, **about)
    _attempts(delivery, at, "The address answered 503.", "The address answered 503.", GONE)
    _ended(delivery, DeliveryState.FAILED, at + 2 * MINUTE, attempts=3, last_error=GONE)


def _sent_again(chat: Channel, world: World) -> None:
    """What arrived when an operator sent it again."""
    at, again = world.now - 20 * DAY, world.now - 19 * DAY
    about = {"subject": "Alert: PaymentProviderSlow", "text": "p95 of the provider is 3.1 s.\n"}
    delivery = _delivery(chat, "demo-alert", at, urgency=Urgency.HIGH, **about)
    _attempts(delivery, at, "The service cannot be reached: No route to host")
    _ended(delivery, DeliveryState.FAILED, at, attempts=1)
    delivery.send_again(by=world.people["olga"], at=again)
    _attempts(delivery, again, "")
    _ended(delivery, DeliveryState.SENT, again, attempts=1, sent_at=again)


def _delivery(channel: Channel, key: str, at, **about) -> Delivery:
    """In nobody's queue: it has ended when the engine of the demo starts."""
    Delivery.objects.post(key=key, to=[channel], **about)
    Delivery.objects.filter(key=key).update(created_at=at, due_at=at)
    return Delivery.objects.get(key=key)


def _attempts(delivery: Delivery, at, *errors: str) -> None:
    for number, error in enumerate(errors, start=1):
        answer = "" if error else "ntfy took it."
        began = at + number * 30 * timedelta(seconds=1)
        about = {"seconds": 0.4, "answer": answer, "error": error}
        Attempt.objects.create(delivery=delivery, number=number, began_at=began, **about)


def _ended(delivery: Delivery, state: str, at, **about) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, due_at=at, **about)
