"""Clients that send slowly, on purpose or not, get 408, and keep a thread for a moment only."""

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.house.test_run import free_port
from tests.programs import bare_environment

ROOT = Path(__file__).resolve().parents[2]
HEAD = (
    b"POST /runbooks/new/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrf=%s; session=a\r\n"
    % (b"a" * 32)
) + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 90000\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """A portal with one thread, which gives clients a second; without a database."""
    port = free_port()
    folder = tmp_path_factory.mktemp("portal")
    environment = bare_environment(
        PORTAL_DATA=str(folder),
        PORTAL_HTTPS="0",
        PORTAL_HOSTS="localhost",
        PORTAL_BIND=f"127.0.0.1:{port}",
        PORTAL_WORKERS="1",
        PORTAL_THREADS="1",
        PORTAL_CLIENT_SECONDS="1",
        PORTAL_DEBUG="1",  # static files are not collected
    )
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn"]
    process = subprocess.Popen(
        [*command, "portal.wsgi"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=(folder / "log").open("w"),
        text=True,
    )
    assert process.stdout.readline().startswith("ready: "), (folder / "log").read_text()
    yield port
    process.terminate()
    process.communicate(timeout=40)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def rest(client: socket.socket) -> bytes:
    """What comes until the portal closes the connection."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def healthy(port: int) -> bool:
    with closing(connected(port)) as other:
        other.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return rest(other).startswith(b"HTTP/1.1 200")


def dribbled(client: socket.socket, most: int = 100) -> bytes:
    """A byte each tenth of a second until there is an answer."""
    client.settimeout(0.1)
    for _ in range(most):
        try:
            return client.recv(65536)
        except TimeoutError:
            client.sendall(b"x")
    raise AssertionError("It waited for all of it.")


@pytest.mark.slow
def test_a_body_that_does_not_come_is_408_and_the_thread_is_free(port):
    with closing(connected(port)) as slow:
        slow.sendall(HEAD + b"half")

        assert healthy(port)
        answer = rest(slow)

    assert answer.startswith(b"HTTP/1.1 408 Request Timeout")
    assert b"Send it again." in answer


@pytest.mark.slow
def test_a_body_that_comes_byte_by_byte_is_408(port):
    with closing(connected(port)) as slow:
        slow.sendall(HEAD + b"half")

        assert dribbled(slow).startswith(b"HTTP/1.1 408")


@pytest.mark.slow
def test_headers_that_come_byte_by_byte_are_not_waited_for(port):
    with closing(connected(port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")

        assert dribbled(slow) == b""
    assert healthy(port)


@pytest.mark.slow
def test_whoever_sends_much_has_time_for_it(port):
    """Three parts with pauses, longer than a second in all: each brought more time."""
    with closing(connected(port)) as client:
        client.sendall(HEAD)
        client.settimeout(0.6)
        for _ in range(3):
            client.sendall(b"x" * 30_000)
            try:
                answer = client.recv(65536)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 403")  # it was read, and had no token of a form


@pytest.mark.slow
def test_what_is_refused_unread_says_that_the_connection_ends(port):
    head = HEAD.replace(b"session=a", b"other=a").replace(b"90000", b"3000000")
    with closing(connected(port)) as client:
        client.sendall(head)
        answer = rest(client)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"\r\nConnection: close\r\n" in answer
