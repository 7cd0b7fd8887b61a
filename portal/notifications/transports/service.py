"""One message, handed to a chat, push, SMS or voice service by apprise.

apprise opens its own connections: it does so within a guard, which lets it reach permitted
addresses only and ends the talk at the deadline.
"""

import re
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError

from .message import Message, Unsent, digest, one_line
from .schemes import NAMES, SERVICES, shown

DEADLINE = 8.0  # seconds for the whole talk
LONGEST_ADDRESS = 2000
LONGEST_REASON = 200
PARTS = re.compile(r"[/:@?&=#,+]+")
SHORTEST_PART = 5  # of an address, that is taken out of what a service said
# What apprise would do by itself: read a file, try again, sleep, keep things on the disk.
NOT_TAKEN = {"template", "retry", "wait", "store", "optional"}
HOLD_TARGETS = ("targets", "topics", "groups")  # attributes of plugins
UNKNOWN = (
    "This is no address of a service that the portal can send to. Use an apprise address, such as "
    f"ntfys://ntfy.example.org/topic. Services: {', '.join(NAMES)}."
)
LATE = f"The service was not done within {DEADLINE:.0f} s."


def is_configured() -> bool:
    return True


def validate(address: str) -> None:
    """Raises ValidationError unless it is whole and of a service that a guard can follow."""
    if len(address) > LONGEST_ADDRESS:
        raise ValidationError(f"The address is longer than {LONGEST_ADDRESS} characters.")
    if not address.isprintable() or " " in address:
        raise ValidationError("The address has a space or line break in it.")
    parts = _parts(address)
    if wrong := sorted(NOT_TAKEN & {name.lower() for name in parts["qsd"]}):
        raise ValidationError(f"Leave “{wrong[0]}=” out of the address.")
    _require_whole(SERVICES[parts["schema"]].name, _service(address))
    _require_permitted(str(parts.get("host") or ""), parts.get("port"))


def _require_whole(name: str, service: Any) -> None:
    if service is None:
        raise ValidationError(
            f"The address is not complete: something that {name} needs is missing."
        )
    if not _has_target(service):
        raise ValidationError(
            f"The address names nobody to send to: {name} needs a topic, room or number in it."
        )


def _has_target(service: Any) -> bool:
    """Whether it would send at all: some plugins take an address of which nothing can be sent."""
    if not len(service):
        return False
    tokens = service.template_tokens.items()
    targets = [f"{{{name}}}" for name, about in tokens if about.get("map_to", name) == "targets"]
    if not all(any(target in each for target in targets) for each in service.templates):
        return True  # it knows by itself where to send to
    return any(getattr(service, name, None) for name in HOLD_TARGETS)


def _require_permitted(host: str, port: int | None) -> None:
    """Of an address in figures: a name, a topic or a number is none, and is checked when sent."""
    from portal.core.outgoing import connections  # as in _sent

    if "." not in host and ":" not in host:
        return
    try:
        connections.require_literal(host, port or 443)
    except connections.Refused as refusal:
        raise ValidationError(str(refusal)) from refusal


def masked(address: str) -> str:
    return shown(address)


def message_id(key: str, to: str) -> str:
    return f"msg_{digest(key, to)}"


def preview(message: Message) -> str:
    """Subject and text; a service may cut them, or put them one behind the other."""
    return f"{one_line(message.subject)}\n\n{message.text}"


def hand_over(message: Message) -> str:
    """Returns when the service has taken it; raises Unsent, at the latest after DEADLINE.

    A talk that takes longer is left behind in its thread, and connects to nothing any more.
    """
    outcome: Queue[Exception | str] = Queue()
    Thread(target=_talk, args=[message, outcome], name="service", daemon=True).start()
    try:
        result = outcome.get(timeout=DEADLINE)
    except Empty:
        raise Unsent(LATE) from None
    if isinstance(result, Exception):
        raise result
    return result


def _talk(message: Message, outcome: Queue) -> None:
    """The name of the service, or why it was not sent, into `outcome`."""
    try:
        outcome.put(_sent(message))
    except Unsent as unsent:
        outcome.put(unsent)
    except Exception as error:
        outcome.put(Unsent(f"The message could not be sent ({type(error).__name__})."))


def _sent(message: Message) -> str:
    # 0.6 s and 30 MB, once: only processes that send by a service pay for them
    from apprise import Apprise, NotifyFormat

    from portal.core.outgoing.guard import guarded  # and what it puts beneath requests

    try:
        validate(message.to)
    except ValidationError as error:
        raise Unsent(" ".join(error.messages)) from error
    service = _service(message.to)
    sender = Apprise(asset=service.asset)
    sender.add(service)
    # In Markdown it would write portal\\.example\\.org, which is no link any more.
    is_markdown = service.notify_format == NotifyFormat.MARKDOWN
    with guarded(DEADLINE) as talk:
        result = sender.notify(
            title=one_line(message.subject),
            body=message.text.strip(),
            body_format=None if is_markdown else NotifyFormat.TEXT,
            interpret_escapes=False,
        )
    if result:
        return f"{service.service_name} took it."
    if talk.is_late and talk.failure is None:
        raise Unsent(LATE)
    raise Unsent(_reason(message.to, result, talk.failure))


def _reason(address: str, result: Any, failure: OSError | None) -> str:
    """Why it was not taken: the connection that was refused, or what apprise logged."""
    if failure is not None:
        return _cleaned(address, f"The service cannot be reached: {failure.strerror or failure}")
    logged = " ".join(entry.message for entry in result.logs())
    return _cleaned(address, logged or "The service did not take it.")


def _cleaned(address: str, text: str) -> str:
    """The text without anything that the address consists of, but for what people may see of it."""
    seen = shown(address)
    parts = {part for each in (address, unquote(address)) for part in PARTS.split(each)}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= SHORTEST_PART and part not in seen and part.lower() not in SERVICES:
            text = text.replace(part, "…")
    return one_line(text)[:LONGEST_REASON]


def _parts(address: str) -> dict[str, Any]:
    """What apprise understands of it. Raises ValidationError unless it is of a chosen service."""
    from apprise.plugins import url_to_dict  # as in _sent

    found = url_to_dict(address)
    if not found or found.get("schema") not in SERVICES:
        raise ValidationError(UNKNOWN)
    return found


def _service(address: str) -> Any:
    """The plugin of apprise for this address; None if something is missing in it."""
    from apprise import Apprise, AppriseAsset, OverflowMode, PersistentStoreMode  # as in _sent

    asset = AppriseAsset(
        app_id="Ops Portal",
        app_desc="Ops Portal",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        storage_mode=PersistentStoreMode.MEMORY,
        service_timeout=0,
    )
    service = Apprise.instantiate(address, asset=asset)
    if service is None or getattr(service, "template", None):
        return None
    service.overflow_mode = OverflowMode.TRUNCATE  # one message, however long the text is
    return service
