"""A worker of gunicorn that waits for no client for long: a slow one costs a thread otherwise.

A request may take PORTAL_CLIENT_SECONDS to arrive, and a second more for each SLOWEST bytes that
came: at most as for STRANGERS_BODY, unless `allow` says more, for a large body of somebody who is
signed in. A proxy that buffers
what people send is better still, for then nothing slow gets here.
"""

import errno
import socket
from time import monotonic
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

SLOWEST = 16 * 1024  # bytes a second, from one moment to the next
SLOWEST_OF_ALL = 64 * 1024  # of the largest body that an address takes: half a megabit
STRANGERS_BODY = 64 * 1024  # forms of those who are not signed in are smaller


class TooSlow(ConnectionResetError):
    """The time is over. To gunicorn it is as if the client had gone."""

    def __init__(self):
        super().__init__(errno.ECONNRESET, "The request took too long to arrive.")


class Timed(socket.socket):
    """The connection of a client; `is_late` once a request did not arrive in time."""

    __slots__ = ("ends", "is_late", "latest", "request")
    ends: float | None  # by the monotonic clock; None before the first byte
    latest: float  # however much comes
    is_late: bool
    request: Any  # of gunicorn, the one in hand

    @classmethod
    def of(cls, plain: socket.socket) -> "Timed":
        """The same connection; the plain socket is no more."""
        timed = cls(fileno=plain.detach())
        timed.ends, timed.latest, timed.is_late = None, 0, False
        timed.request = None
        return timed

    def end_after(self) -> None:
        """Let the answer say that it is the last one on this connection."""
        if self.request:
            self.request.force_close()

    def allow(self, largest: int) -> None:
        """Let the request have the time of the largest body that it may have."""
        self.latest += largest / SLOWEST_OF_ALL

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Like any socket, within the time that is left. Raises TooSlow."""
        now = monotonic()
        if self.ends is None:
            self.ends = now + settings.CLIENT_SECONDS
            self.latest = self.ends + STRANGERS_BODY / SLOWEST
        ends = min(self.ends, self.latest)
        if self.is_late or ends <= now:
            raise self._late()
        before = self.gettimeout()
        self.settimeout(ends - now if before is None else min(before, ends - now))
        try:
            content = super().recv(size, flags)
        except TimeoutError as error:
            raise self._late() from error
        finally:
            self.settimeout(before)
        self.ends = ends + len(content) / SLOWEST
        return content

    def _late(self) -> TooSlow:
        self.is_late = True
        return TooSlow()


class Worker(ThreadWorker):
    """Gunicorn's worker with threads; each request has a deadline of its own."""

    def handle(self, conn):
        if not isinstance(conn.sock, Timed):
            conn.sock = Timed.of(conn.sock)
        conn.sock.ends = None
        kept = super().handle(conn)
        return False if conn.sock.is_late else kept  # gunicorn has more answers than two

    def handle_request(self, req, conn):
        conn.sock.request = req
        return super().handle_request(req, conn)
