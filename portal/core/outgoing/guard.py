"""For libraries that open connections themselves, through requests and urllib3.

    with guarded(deadline=10.0):
        library.send()

Within the block each connection of this thread goes through `connections.connect`, those to which a
redirect leads included. Whatever would connect by another way is refused by an audit hook, which
lies beneath all of Python's sockets. At the deadline what is still open is shut down.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Timer
from time import monotonic
from typing import Any

import requests.sessions
import requests.utils
import urllib3.util.connection
from requests.adapters import HTTPAdapter

from .connections import CHECKED, Refused, connect

LARGEST = 1024 * 1024  # bytes of an answer, unpacked: lists of rooms and people are long
CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class Talk:
    """What a library does within one block, and until when."""

    def __init__(self, deadline: float):
        self.ends = monotonic() + deadline
        self.is_over = self.is_late = False
        self.failure: OSError | None = None  # of the last connection that did not come about
        self.opened: list[socket.socket] = []

    def open(self, host: str, port: int, seconds: float | None) -> socket.socket:
        if self.is_over:
            raise TimeoutError("The talk is over.")
        try:
            connection = connect(host, port, ends=self.ends, seconds=seconds)
        except OSError as error:
            self.failure = error
            raise
        self.opened.append(connection.dup())  # TLS takes the first away
        if self.is_over:
            self.shut()
        return connection

    def expire(self) -> None:
        """The deadline has come."""
        self.is_late = True
        self.shut()

    def shut(self) -> None:
        """End what waits on these connections, whoever holds them."""
        self.is_over = True
        for connection in self.opened:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.shut()
        for connection in self.opened:
            connection.close()


TALK: ContextVar[Talk | None] = ContextVar("talk", default=None)


@contextmanager
def guarded(deadline: float) -> Iterator[Talk]:
    """Let this thread connect only to what is permitted, and to nothing after the deadline."""
    talk = Talk(deadline)
    before = TALK.set(talk)
    alarm = Timer(deadline, talk.expire)
    alarm.daemon = True
    alarm.start()
    try:
        yield talk
    finally:
        alarm.cancel()
        TALK.reset(before)
        talk.close()


class Adapter(HTTPAdapter):
    """Reads no more of an answer than LARGEST, however it is packed, and none that is late."""

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(*args, **kwargs)
        if talk := TALK.get():
            response._content = content_of(response)
            if talk.is_over:  # what was shut looks like the end of an answer
                raise requests.Timeout("The answer took too long.")
        return response


def content_of(response: requests.Response) -> bytes:
    content = b""
    for piece in response.iter_content(LARGEST // 16):
        content += piece
        if len(content) > LARGEST:
            response.close()
            raise requests.ConnectionError(f"The answer is longer than {LARGEST} bytes.")
    return content


def _refuse_others(event: str, details: tuple) -> None:
    if event in CONNECTS and TALK.get() is not None and details[1] != CHECKED.get():
        raise Refused("Only checked connections are opened here.")


def _create_connection(address, timeout=None, source_address=None, socket_options=None):
    talk = TALK.get()
    if talk is None:
        return _unguarded_connection(address, timeout, source_address, socket_options)
    host, port = address
    seconds = timeout if isinstance(timeout, int | float) else None
    connection = talk.open(host, port, seconds)
    connection.settimeout(seconds)
    return connection


def _should_bypass_proxies(url, no_proxy):
    return TALK.get() is not None or _bypasses_proxies(url, no_proxy)


def _netrc_auth(*args, **kwargs):
    return None if TALK.get() is not None else _unguarded_netrc(*args, **kwargs)


_unguarded_connection = urllib3.util.connection.create_connection
_bypasses_proxies = requests.utils.should_bypass_proxies
_unguarded_netrc = requests.sessions.get_netrc_auth


def _install() -> None:
    """Once for the process: threads that are not within a block notice nothing of it."""
    sys.addaudithook(_refuse_others)
    for module, name, ours in (
        (urllib3.util.connection, "create_connection", _create_connection),
        (requests.sessions, "HTTPAdapter", Adapter),
        (requests.sessions, "get_netrc_auth", _netrc_auth),
        (requests.utils, "should_bypass_proxies", _should_bypass_proxies),
    ):
        setattr(module, name, ours)


_install()
