"""A library that opens its own connections gets no further than the portal itself."""

import os
import smtplib
import socket
import sys
import tracemalloc
from contextvars import copy_context
from threading import Thread
from time import monotonic

import pytest
import requests

from portal.core.outgoing.connections import Refused
from portal.core.outgoing.guard import guarded
from tests.hostile import certificate, stub

SOON = 0.4

connects: list[tuple] = []
sys.addaudithook(lambda event, args: event == "socket.connect" and connects.append(args[1]))


@pytest.fixture
def seen():
    connects.clear()
    return connects


@pytest.fixture
def target(settings):
    with stub() as server:
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.port}"]
        yield server


def test_it_works(target):
    with guarded(5):
        answer = requests.post(target.url("/hook"), json={"a": 1}, timeout=4)

    assert answer.json() == {"ok": True}
    assert target.heard[0][3] == b'{"a": 1}'


def test_outside_of_the_block_nothing_is_different(target, settings):
    settings.OUTGOING_ALLOW = []
    with guarded(5):
        pass

    assert requests.get(target.url(), timeout=4).ok
    with socket.create_connection(("127.0.0.1", target.port), timeout=4):
        pass


def test_another_thread_is_not_in_the_block(target, settings):
    settings.OUTGOING_ALLOW = []
    found = []
    with guarded(5):
        other = Thread(target=lambda: found.append(requests.get(target.url(), timeout=4).ok))
        other.start()
        other.join()

    assert found == [True]


def test_a_thread_that_takes_the_context_along_is(target, settings):
    settings.OUTGOING_ALLOW = []
    failures = []

    def ask():
        try:
            requests.get(target.url(), timeout=4)
        except requests.ConnectionError as error:
            failures.append(error)

    with guarded(5):
        other = Thread(target=copy_context().run, args=[ask])
        other.start()
        other.join()

    assert len(failures) == 1
    assert target.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]"])
def test_no_connection_is_opened_to_what_is_not_permitted(target, settings, seen, host):
    settings.OUTGOING_ALLOW = []

    with guarded(5), pytest.raises(requests.ConnectionError, match="PORTAL_OUTGOING_ALLOW"):
        requests.get(target.url(name=host), timeout=4)

    assert (seen, target.connections) == ([], 0)


@pytest.mark.parametrize("location", ["http://169.254.169.254/", "http://127.0.0.2:{port}/ok"])
def test_a_redirect_is_checked_like_the_first_address(target, seen, location):
    target.location = location.format(port=target.port)

    with guarded(5), pytest.raises(requests.ConnectionError, match="PORTAL_OUTGOING_ALLOW"):
        requests.get(target.url("/redirect"), timeout=4)

    assert seen == [("127.0.0.1", target.port)]


def test_a_name_that_changes_is_checked_at_each_connection(target, monkeypatch, seen):
    answers = iter(["127.0.0.1", "169.254.169.254"])
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *args, **kwargs: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))
        ],
    )

    with guarded(5):
        assert requests.get(target.url(name="rebind.example"), timeout=4).ok
        with pytest.raises(requests.ConnectionError):
            requests.get(target.url(name="rebind.example"), timeout=4)

    assert seen == [("127.0.0.1", target.port)]


def by_socket(port):
    socket.create_connection(("127.0.0.1", port), timeout=4)


def by_name(port):
    with socket.socket() as one:
        one.connect(("localhost", port))


def by_datagram(port):
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.sendto(b"<14>hello", ("127.0.0.1", port))


def by_mail(port):
    smtplib.SMTP("127.0.0.1", port, timeout=4)


def by_file(port):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("/dev/log")


@pytest.mark.parametrize("way", [by_socket, by_name, by_datagram, by_mail, by_file])
def test_other_ways_out_are_closed_even_to_what_is_permitted(target, way):
    with guarded(5), pytest.raises(Refused):
        way(target.port)

    assert target.connections == 0


@pytest.mark.parametrize("path", ["/hang", "/slow-head", "/slow-body"])
def test_a_talk_ends_at_the_deadline_however_patient_the_library_is(target, path):
    begun = monotonic()

    with guarded(SOON), pytest.raises(requests.RequestException):
        requests.get(target.url(path), timeout=None)

    assert monotonic() - begun < 5 * SOON


def test_so_does_one_by_tls(target, settings, monkeypatch, tmp_path):
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    theirs, _ = certificate(tmp_path, "localhost")
    begun = monotonic()

    with stub(context=theirs) as server, guarded(SOON), pytest.raises(requests.RequestException):
        requests.get(
            server.url("/slow-body", name="localhost"),
            timeout=None,
            verify=str(tmp_path / "server.pem"),
        )
    assert monotonic() - begun < 5 * SOON


def test_nothing_is_opened_after_the_deadline(target):
    with guarded(SOON) as talk:
        talk.shut()
        with pytest.raises(requests.RequestException):
            requests.get(target.url(), timeout=4)

    assert target.connections == 0


@pytest.mark.parametrize("path", ["/endless", "/bomb"])
def test_what_is_read_has_a_limit_unpacked_too(target, path):
    tracemalloc.start()
    try:
        with guarded(20), pytest.raises(requests.RequestException):
            requests.get(target.url(path), timeout=4)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 10_000_000


def test_nothing_of_the_environment_is_used(target, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login root password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@127.0.0.1:9")
    monkeypatch.setenv("http_proxy", os.environ["HTTP_PROXY"])

    with guarded(5):
        assert requests.get(target.url(), timeout=4).ok

    assert not {"authorization", "proxy-authorization"} & target.heard[0][2].keys()
