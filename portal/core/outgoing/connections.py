"""One connection: the name is looked up once, every answer checked, and the address is connected to
that was checked. There is no second look-up in between at which a name could change.
"""

import socket
from contextvars import ContextVar
from ipaddress import ip_address
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import NamedTuple

from .allowances import is_permitted

LATE = "It took too long."


class Refused(OSError):
    """The portal does not connect there; the text says why, and names no address."""


class Target(NamedTuple):
    family: int
    sockaddr: tuple


# The address that `connect` is connecting to right now: the only one that a guard lets pass.
CHECKED: ContextVar[tuple | None] = ContextVar("checked", default=None)


def seconds_until(ends: float) -> float:
    """What is left until that time of the monotonic clock. Raises TimeoutError if nothing is."""
    left = ends - monotonic()
    if left <= 0:
        raise TimeoutError(LATE)
    return left


def connect(host: str, port: int, *, ends: float, seconds: float | None = None) -> socket.socket:
    """A connection to a checked address of the host, made before `ends` of the monotonic clock.

    Raises Refused, and connects nowhere, if any of its addresses is not permitted; another OSError
    if none can be reached. `seconds` limits each attempt further.
    """
    targets = look_up(host, port, ends)
    failure: OSError = OSError(f"“{host}” has no address.")
    for number, target in enumerate(targets):
        share = seconds_until(ends) / (len(targets) - number)
        try:
            return _attempt(target, share if seconds is None else min(share, seconds))
        except OSError as error:
            failure = error
    raise failure


def look_up(host: str, port: int, ends: float) -> list[Target]:
    """The addresses of the host. Raises Refused unless all of them are permitted."""
    targets = _answers(host.strip("[]"), port, ends)
    _require_permitted(host, port, targets)
    return targets


def require_literal(host: str, port: int) -> None:
    """Raise Refused for an address in figures that is not permitted; asks nobody about a name."""
    try:
        found = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except (OSError, UnicodeError, ValueError, OverflowError):
        return  # a name: what it leads to is checked at each connection
    _require_permitted(host, port, [Target(family, address) for family, *_, address in found])


def _require_permitted(host: str, port: int, targets: list[Target]) -> None:
    for target in targets:
        text, _port, *rest = target.sockaddr
        if "%" in text or any(rest[1:]):
            raise Refused(f"“{host}” is an address of one network only.")
        if not is_permitted(host, ip_address(text), port):
            raise Refused(
                f"“{host}” is not in the public internet. An operator may allow it by "
                "PORTAL_OUTGOING_ALLOW."
            )


def _answers(host: str, port: int, ends: float) -> list[Target]:
    """What the resolver says, which knows no deadline: a late one is left behind in its thread."""
    answers: Queue[list | Exception] = Queue()
    Thread(target=_ask, args=[host, port, answers], name="resolver", daemon=True).start()
    try:
        found = answers.get(timeout=seconds_until(ends))
    except Empty:
        raise TimeoutError(LATE) from None
    if isinstance(found, socket.gaierror):
        raise found
    if isinstance(found, Exception):
        raise Refused(f"“{host[:80]}” is no name of a host.") from found
    return [Target(family, sockaddr) for family, *_, sockaddr in found]


def _ask(host: str, port: int, answers: Queue) -> None:
    try:
        answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except Exception as error:  # UnicodeError and ValueError, too: for a strange name
        answers.put(error)


def _attempt(target: Target, seconds: float) -> socket.socket:
    connection = socket.socket(target.family, socket.SOCK_STREAM)
    passing = CHECKED.set(target.sockaddr)
    try:
        connection.settimeout(seconds)
        connection.connect(target.sockaddr)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    finally:
        CHECKED.reset(passing)
    return connection
