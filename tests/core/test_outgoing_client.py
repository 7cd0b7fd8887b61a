"""A request to a hostile address costs at most its deadline, and reaches nothing else."""

import socket
import ssl
import sys
import tracemalloc
from itertools import chain, repeat
from time import monotonic

import pytest

from portal.core.outgoing import client
from portal.core.outgoing.client import Unreached, post
from portal.core.outgoing.connections import Refused
from tests.hostile import certificate, stub

SOON = 0.4  # seconds: as the deadline of what never ends


@pytest.fixture
def target(settings):
    with stub() as server:
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.port}"]
        yield server


connects: list[tuple] = []
sys.addaudithook(lambda event, args: event == "socket.connect" and connects.append(args[1]))


@pytest.fixture
def seen():
    """Every address that any socket of this process connects to."""
    connects.clear()
    return connects


def test_it_works(target):
    status = post(target.url("/hook?a=1"), {"webhook-id": "m1"}, b"{}", deadline=5)

    ((method, path, headers, body),) = target.heard
    assert status == 200
    assert (method, path, body) == ("POST", "/hook?a=1", b"{}")
    assert headers["webhook-id"] == "m1"
    assert headers["host"] == f"127.0.0.1:{target.port}"
    assert headers["content-length"] == "2"


@pytest.mark.parametrize("status", [301, 404, 410, 500])
def test_an_answer_that_is_no_success_is_an_answer(target, status):
    target.statuses["/hook"] = status

    assert post(target.url("/hook"), {}, b"{}", deadline=5) == status


def test_nobody_connects_outside_of_what_is_allowed(target, settings, seen):
    settings.OUTGOING_ALLOW = []

    with pytest.raises(Refused, match="PORTAL_OUTGOING_ALLOW"):
        post(target.url(), {}, b"{}", deadline=5)

    assert (seen, target.connections) == ([], 0)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/", "hook"),
        *("", "http://", "http:///hook", "https://user:secret@example.org/", "http://[::1/", "\0"),
        "http://127.0.0.1:99999/",
    ],
)
def test_only_urls_of_the_web_are_talked_to(url, seen):
    with pytest.raises(Refused):
        post(url, {}, b"{}", deadline=5)

    assert seen == []


def test_a_redirect_is_not_followed(target, seen):
    target.location = "http://169.254.169.254/latest/meta-data/"

    assert post(target.url("/redirect"), {}, b"{}", deadline=5) == 307
    assert seen == [("127.0.0.1", target.port)]


def flipping(*answers):
    """A resolver whose answer changes from one question to the next."""
    texts = chain(answers, repeat(answers[-1]))
    asked = []

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(texts), port))]

    return asked, getaddrinfo


def test_a_name_cannot_change_between_check_and_connect(monkeypatch, target, seen):
    asked, resolver = flipping("127.0.0.1", "169.254.169.254")
    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    assert post(target.url(name="rebind.example"), {}, b"{}", deadline=5) == 200

    assert asked == ["rebind.example"]
    assert seen == [("127.0.0.1", target.port)]
    with pytest.raises(Refused):
        post(target.url(name="rebind.example"), {}, b"{}", deadline=5)
    assert seen == [("127.0.0.1", target.port)]


def test_the_second_address_is_tried_if_the_first_is_closed(monkeypatch, target, settings):
    settings.OUTGOING_ALLOW = ["127.0.0.0/8"]
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, target.port))
        for text in ("127.9.9.9", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)

    assert post(target.url(name="two.example"), {}, b"{}", deadline=5) == 200


@pytest.mark.parametrize("path", ["/hang", "/slow-head"])
def test_what_does_not_answer_costs_the_deadline(target, path):
    begun = monotonic()

    with pytest.raises(Unreached, match="too long"):
        post(target.url(path), {}, b"{}", deadline=SOON)

    assert monotonic() - begun < 5 * SOON


def test_a_resolver_that_hangs_costs_the_deadline(monkeypatch, target):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: target.closing.wait(60))

    with pytest.raises(Unreached, match="too long"):
        post("http://slow.example/", {}, b"{}", deadline=SOON)


@pytest.mark.parametrize("path", ["/slow-body", "/endless"])
def test_the_body_of_an_answer_is_not_waited_for(target, path):
    begun = monotonic()

    assert post(target.url(path), {}, b"{}", deadline=20) == 200
    assert monotonic() - begun < 5


def test_endless_headers_are_no_answer(target):
    with pytest.raises(Unreached):
        post(target.url("/endless-head"), {}, b"{}", deadline=20)


def test_what_comes_packed_stays_packed(target):
    tracemalloc.start()
    try:
        status = post(target.url("/bomb"), {}, b"{}", deadline=20)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert status == 200
    assert most < 5_000_000


@pytest.mark.parametrize("path", ["/reset", "/garbage"])
def test_what_hangs_up_or_talks_nonsense_is_no_answer(target, path):
    with pytest.raises(Unreached):
        post(target.url(path), {}, b"{}", deadline=5)


def test_an_answer_that_breaks_off_counts_by_its_status(target):
    assert post(target.url("/reset-in-body"), {}, b"{}", deadline=5) == 200


def test_a_closed_port_is_told(target):
    target.close()

    with pytest.raises(Unreached, match="cannot be reached"):
        post(target.url(), {}, b"{}", deadline=5)


def test_nothing_of_the_environment_is_used(monkeypatch, target, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login root password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://user:secret@127.0.0.1:9")

    assert post(target.url(), {}, b"{}", deadline=5) == 200

    assert not {"authorization", "proxy-authorization"} & target.heard[0][2].keys()


@pytest.fixture
def encrypted(settings, monkeypatch, tmp_path):
    """A server with a certificate for good.example, to which every name leads."""
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    theirs, ours = certificate(tmp_path, "good.example")
    monkeypatch.setattr(client, "_trust", lambda: ours)
    with stub(context=theirs) as server:
        at = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: at)
        yield server


def test_tls_asks_for_the_name_though_the_address_was_checked(encrypted):
    assert post(encrypted.url(name="good.example"), {}, b"{}", deadline=5) == 200


def test_a_certificate_of_another_name_is_refused(encrypted):
    with pytest.raises(Unreached, match="certificate"):
        post(encrypted.url(name="bad.example"), {}, b"{}", deadline=5)

    assert encrypted.heard == []


def test_an_unknown_certificate_is_refused(encrypted, monkeypatch):
    monkeypatch.setattr(client, "_trust", ssl.create_default_context)

    with pytest.raises(Unreached, match="certificate"):
        post(encrypted.url(name="good.example"), {}, b"{}", deadline=5)


def test_a_slow_answer_in_tls_is_not_waited_for(encrypted):
    assert post(encrypted.url("/slow-body", name="good.example"), {}, b"{}", deadline=5) == 200
