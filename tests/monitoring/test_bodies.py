"""Bodies in chunks, and bodies that do not arrive: below /in/ and /ping/."""

import json
import logging
import sys
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create

from portal.monitoring.intakes.endpoints import LARGEST_OF_STRANGERS
from portal.monitoring.models import Alert, Heartbeat, Ping, Received
from tests.monitoring.conftest import alert, payload

pytestmark = pytest.mark.django_db
EVENT = {
    "event_action": "trigger",
    "payload": {"summary": "Disk is full", "source": "db1", "severity": "critical"},
}


class Broken(BytesIO):
    def read(self, *size):
        raise ConnectionResetError(104, "The request took too long to arrive.")


def asked(environ) -> tuple[int, bytes]:
    """Status and body of what the portal answers; the connection to the database stays."""
    portal = BaseHandler()
    portal.load_middleware()
    answer = portal.get_response(WSGIRequest(environ))
    return answer.status_code, answer.content


def environ_of(path, body, **more):
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": body,
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        **more,
    }


def in_chunks(path, *parts, end=b"0\r\n\r\n"):
    """The environment that gunicorn makes of such a request."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in parts)
    config = Config()
    request = next(RequestParser(config, iter([head, chunks + end]), ("127.0.0.1", 1)))
    return create(request, None, ("127.0.0.1", 1), ("127.0.0.1", 80), config)[1]


@pytest.fixture
def heartbeat():
    return Heartbeat.objects.make("Backup", every=timedelta(days=1))


def test_a_delivery_in_chunks_is_read(am):
    content = json.dumps(payload(alert())).encode()
    status, _ = asked(in_chunks(f"/in/alertmanager/{am.key}/", content[:40], content[40:]))

    assert (status, Alert.objects.get().name) == (200, "DiskFillsUp")


def test_an_event_in_chunks_is_read_up_to_the_limit(intake_of):
    _, key = intake_of("pagerduty")
    content = json.dumps({**EVENT, "routing_key": key}).encode()
    large = [b" " * (LARGEST_OF_STRANGERS // 2)] * 2

    assert asked(in_chunks("/in/pagerduty/v2/enqueue", content))[0] == 202
    assert asked(in_chunks("/in/pagerduty/v2/enqueue", *large, content))[0] == 413
    assert Received.objects.count() == 1


def test_what_a_ping_says_in_chunks_is_kept(heartbeat):
    assert asked(in_chunks(f"/ping/{heartbeat.uuid}", b"12 files", b" copied")) == (200, b"OK")
    assert bytes(Ping.objects.get().body) == b"12 files copied"


def test_chunks_of_which_nobody_says_where_they_end_are_411(am, heartbeat):
    for path in (f"/in/alertmanager/{am.key}/", f"/ping/{heartbeat.uuid}"):
        about = {"HTTP_TRANSFER_ENCODING": "chunked"}
        status, said = asked(environ_of(path, BytesIO(b"{}"), **about))

        assert status == 411
        assert b"Content-Length" in said


@pytest.mark.parametrize("end", [b"", b"zz\r\n", b"5\r\nab", b"0\r\nodd\n\r\n\r\n"])
def test_chunks_that_are_cut_are_refused(am, end):
    content = json.dumps(payload(alert())).encode()

    assert asked(in_chunks(f"/in/alertmanager/{am.key}/", content, end=end))[0] == 400
    assert not Alert.objects.exists()


def test_a_body_that_does_not_arrive_is_one_line_of_the_log(heartbeat, caplog):
    for path in ("/in/pagerduty/v2/enqueue", f"/ping/{heartbeat.uuid}"):
        caplog.clear()
        with caplog.at_level(logging.INFO):
            assert asked(environ_of(path, Broken(), CONTENT_LENGTH="50"))[0] == 400

        assert [(each.levelname, each.exc_info) for each in caplog.records] == [("INFO", None)]
    assert not Ping.objects.exists()
