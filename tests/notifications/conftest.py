"""A real mail server and a receiver of webhooks, which misbehave as told; messages for them."""

import asyncio
import socket
from contextlib import suppress
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from aiosmtpd.controller import Controller

from portal.notifications.models import Delivery

SMTP = "django.core.mail.backends.smtp.EmailBackend"
ANSWERS = {"4xx": "451 4.3.0 Try again later", "5xx": "550 5.1.1 Nobody of that name"}


class Mailbox:
    """What the mail server has accepted, and how it behaves: ok, 4xx, 5xx, hang, drop."""

    def __init__(self):
        self.mode, self.messages, self.envelopes = "ok", [], []
        self.hanging = set()  # addresses for which it never answers
        self.accepting = lambda: None  # called before each message is answered

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.mode in ANSWERS:
            return ANSWERS[self.mode]
        if self.mode == "hang" or self.hanging & set(envelope.rcpt_tos):
            await asyncio.sleep(3600)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append(envelope)
        self.accepting()
        if self.mode == "drop":
            server.transport.abort()
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox(settings):
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "Ops Portal <portal@example.org>"
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    with suppress(AssertionError):
        controller.stop(no_assert=True)


class Receiver(ThreadingHTTPServer):
    """What came, and the status that it is answered with."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.received, self.goes_on, self.hangs = 200, [], Event(), set()
        self.accepting = lambda: None  # called before each message is answered
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))
        if self.path in self.server.hangs:
            self.server.goes_on.wait(60)
        self.server.accepting()
        self.send_response(self.server.status)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, *arguments):
        pass

    def handle(self):
        with suppress(OSError):  # whoever asked was killed
            super().handle()


@pytest.fixture
def receiver(settings):
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    server = Receiver()
    Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield server
    server.goes_on.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def post(db):
    """Queue one message and return it."""

    def post(key="disk", to=("ops@example.org",), subject="Disk fills up", text="Look.", at=None):
        return Delivery.objects.post(key=key, to=to, subject=subject, text=text, at=at).first()

    return post
