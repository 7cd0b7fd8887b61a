"""One request to an address that somebody else chose, and its status, within a deadline.

No redirect is followed, the body of the answer is not read, and nothing of the environment is used:
no proxy, no password of a .netrc.
"""

import ssl
from collections.abc import Iterable, Mapping
from functools import cache
from time import monotonic
from typing import Any

import httpcore2
import httpx2

from .connections import LATE, Refused, connect, seconds_until

DEADLINE = 10.0  # seconds for the whole talk, from looking up the name to the end of the answer
OURS = {"user-agent": "ops-portal", "accept-encoding": "identity", "connection": "close"}
BROKEN = (httpcore2.NetworkError, httpcore2.ProtocolError)
OF_THE_TALK = {"host", "content-length", "transfer-encoding", *OURS}


class Unreached(Exception):
    """There was no answer; the text says why, without addresses, names or secrets."""


def post(url: str, headers: Mapping[str, str], body: bytes, deadline: float = DEADLINE) -> int:
    """Send the body, and return the status of the answer as soon as its headers are whole.

    Raises Refused if the portal may not connect there or the URL is none, and Unreached if the
    first line and the headers of an answer did not come within the deadline, in seconds.
    """
    ends = monotonic() + deadline
    target = target_of(url)
    sent = OURS | {k: v for k, v in headers.items() if k.lower() not in OF_THE_TALK}
    with httpcore2.ConnectionPool(_trust(), network_backend=Checked(ends)) as pool:
        try:
            with pool.stream("POST", target, headers=list(sent.items()), content=body) as answer:
                return answer.status
        except (httpcore2.TimeoutException, TimeoutError) as error:
            raise Unreached(LATE) from error
        except Refused:
            raise
        except (OSError, *BROKEN) as error:
            raise Unreached(reason_of(error)) from error


def target_of(url: str) -> httpcore2.URL:
    """The parts of an http or https URL, its name in ASCII. Raises Refused for everything else."""
    try:
        parts = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise Refused("This is no URL.") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise Refused("The URL has to begin with https:// or http://.")
    if parts.userinfo:
        raise Refused("A name or password in front of the host is not sent: leave it out.")
    return httpcore2.URL(
        scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path
    )


def reason_of(error: BaseException) -> str:
    """A sentence about why there was no answer."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"Its certificate is not valid ({seen.verify_message})."
        if isinstance(seen, ssl.SSLError):
            return f"TLS failed ({seen.reason or 'the connection was closed'})."
        if isinstance(seen, OSError):
            return f"It cannot be reached ({seen.strerror or type(seen).__name__})."
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, httpcore2.ProtocolError):
        return "It did not answer in HTTP."
    return f"It cannot be reached ({type(error).__name__})."


@cache
def _trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


class Checked(httpcore2.NetworkBackend):
    """Opens only checked connections, each with the same end."""

    def __init__(self, ends: float):
        self.ends = ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> "Stream":
        return Stream(connect(host, port, ends=self.ends), self.ends)


class Stream(httpcore2.NetworkStream):
    """A connection whose every wait is over at the end of the talk."""

    def __init__(self, connection, ends: float):
        self.connection, self.ends = connection, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.connection.settimeout(seconds_until(self.ends))
        return self.connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        while view:
            self.connection.settimeout(seconds_until(self.ends))
            view = view[self._send(view) :]

    def _send(self, view: memoryview) -> int:
        try:
            return self.connection.send(view)
        except ConnectionError as error:  # it may have answered already, and is read then
            raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        self.connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "Stream":
        self.connection.settimeout(seconds_until(self.ends))
        wrapped = ssl_context.wrap_socket(self.connection, server_hostname=server_hostname)
        return Stream(wrapped, self.ends)

    def get_extra_info(self, info: str) -> Any:
        return None  # HTTP/1.1 only: there is nothing to negotiate
