"""The door that gunicorn opens: what is too large is refused before anybody reads it."""

from io import BytesIO
from socket import socketpair
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.utils import timezone
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers import gthread

from portal.accounts.models import Token
from portal.core.ops import deadlines
from portal.core.ops.deadlines import SLOWEST_OF_ALL, STRANGERS_BODY, Timed, Worker
from portal.wsgi import LARGEST_BODY, READ_ON, behind, bounded, frank, largest_at


class Unread(BytesIO):
    def read(self, *size):
        raise AssertionError("Nobody may read this.")


def answer(length: str, path: str = "/", **shown: str) -> tuple[str, bytes]:
    """Status and body for a request that announces so many bytes, of someone with a session."""
    statuses: list[str] = []
    shown = shown or {"HTTP_COOKIE": f"a=b; {settings.SESSION_COOKIE_NAME}=x"}
    environ = {"CONTENT_LENGTH": length, "PATH_INFO": path, "wsgi.input": Unread(), **shown}
    setup_testing_defaults(environ)

    def portal(environ, start_response):
        start_response("200 OK", [])
        return [b"the portal"]

    body = bounded(portal)(environ, lambda status, headers: statuses.append(status))
    return statuses[0], b"".join(body)


@pytest.mark.parametrize("path", ["/in/generic/KEY/", "/ping/KEY/fail"])
def test_programs_that_only_have_an_address_send_what_is_large(path):
    nobody = {"HTTP_COOKIE": "a=b"}

    assert answer(str(100_000), path, **nobody)[0] == "200 OK"
    assert answer(str(100_000), "/runbooks/", **nobody)[0] == "413 Content Too Large"


def test_what_is_too_large_is_refused_unread():
    status, body = answer(str(LARGEST_BODY + 1))

    assert status == "413 Content Too Large"
    assert b"12 MB" in body


@pytest.mark.parametrize(
    "videos",
    [
        "/guides/first-day/videos/new/",
        "/runbooks/import/",
        "/admin/onboarding/guide/import/",
        "/api/v1/guides/first-day/videos/",
    ],
)
def test_few_addresses_take_films_and_archives_and_still_have_a_limit(videos):
    more = str(LARGEST_BODY + 1)

    assert answer(more, videos) == ("200 OK", b"the portal")
    assert answer(str(largest_at(videos) + 1), videos)[0] == "413 Content Too Large"
    for path in ("/guides/first-day/", f"{videos}x", "/guides/a/b/videos/new/", f"/x{videos}"):
        assert answer(more, path)[0] == "413 Content Too Large"


def test_all_else_reaches_the_portal():
    for length in ("", "0", str(LARGEST_BODY)):
        assert answer(length) == ("200 OK", b"the portal")


def test_strangers_send_small_bodies_only():
    more = str(STRANGERS_BODY + 1)
    for shown in ({"HTTP_COOKIE": "csrf=session; my-session=x"}, {"HTTP_COOKIE": ""}):
        status, body = answer(more, "/accounts/sign-in/", **shown)
        assert (status, b"64 kB" in body) == ("413 Content Too Large", True)
        assert answer(str(STRANGERS_BODY), **shown)[0] == "200 OK"
    assert answer(more, HTTP_AUTHORIZATION="Bearer x")[0] == "200 OK"


def time_given(**shown: str) -> bool:
    """Whether a large body of somebody who shows this may take long."""
    ours, theirs = socketpair()
    with Timed.of(ours) as timed, theirs:
        assert answer(str(LARGEST_BODY), **{"gunicorn.socket": timed}, **shown)[0] == "200 OK"
        return timed.latest > 0


@pytest.mark.django_db
def test_who_is_signed_in_and_nobody_else_has_time_for_a_large_body(client_of, alice):
    name = settings.SESSION_COOKIE_NAME
    real = client_of(alice).cookies[name].value
    token, plain = Token.objects.issue(alice, "films", ["write"], days=1)

    assert time_given(HTTP_COOKIE=f"a=b; {name}={real}")
    assert time_given(HTTP_AUTHORIZATION=f"Bearer {plain}")
    for forged in (f"{name}={'a' * 32}", f"{name}=", rf'{name}="a\000b"', f"{name}={real[:-1]}"):
        assert not time_given(HTTP_COOKIE=forged)
    for forged in ("Bearer x", f"Basic {plain}", "Bearer", f"Bearer {plain}\x00"):
        assert not time_given(HTTP_AUTHORIZATION=forged)
    token.revoke(at=timezone.now())
    assert not time_given(HTTP_AUTHORIZATION=f"Bearer {plain}")


def test_a_small_body_asks_no_database():
    ours, theirs = socketpair()
    shown = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=x", "gunicorn.socket": Timed.of(ours)}
    with shown["gunicorn.socket"] as timed, theirs:
        assert answer(str(STRANGERS_BODY), **shown)[0] == "200 OK"  # none is allowed in this test
        assert timed.latest == 0


@pytest.mark.parametrize(
    ("status", "length", "ends"),
    [
        ("413 Content Too Large", str(READ_ON), True),
        ("401 Unauthorized", str(READ_ON), True),
        ("413 Content Too Large", str(READ_ON - 1), False),
        ("400 Bad Request", "", False),
        ("201 Created", str(LARGEST_BODY), False),
    ],
)
def test_the_connection_ends_where_a_large_body_is_refused(status, length, ends):
    ours, theirs = socketpair()
    unreader = SocketUnreader(ours)
    theirs.sendall(b"GET / HTTP/1.1\r\n\r\n")
    with Timed.of(ours) as timed, theirs:
        unreader.sock = timed
        timed.request = Request(Config(), unreader, ("", 0))
        environ = {"CONTENT_LENGTH": length, "gunicorn.socket": timed}
        frank(lambda environ, start: start(status, []))(environ, lambda *answer: None)

        assert timed.request.should_close() is ends


@pytest.fixture
def line(monkeypatch):
    """`line(size, largest)`: the seconds in which that came at 64 kB/s, or None if too slowly."""
    clock = [100.0]
    monkeypatch.setattr(deadlines, "monotonic", lambda: clock[0])

    def line(size: int, largest: int = 0, speed: int = SLOWEST_OF_ALL) -> float | None:
        clock[0] = 100.0
        ours, theirs = socketpair()
        with Timed.of(ours) as timed, theirs:
            for second in range(size // speed):
                theirs.sendall(b"x" * speed)
                try:
                    taken = 0
                    while taken < speed:
                        taken += len(timed.recv(speed - taken))
                except ConnectionResetError:
                    return None
                if largest and not second:
                    timed.allow(largest)
                clock[0] += 1
        return clock[0] - 100

    return line


def test_the_time_of_a_body_has_an_end(line):
    film, slow = largest_at("/guides/a/videos/new/"), 17 * 1024

    assert line(film, film) == film // SLOWEST_OF_ALL
    assert line(LARGEST_BODY, LARGEST_BODY) == LARGEST_BODY // SLOWEST_OF_ALL
    assert line(LARGEST_BODY, LARGEST_BODY, slow) is None
    assert line(1024 * 1024, LARGEST_BODY, slow) is not None
    assert line(1024 * 1024, 0, slow) is None


def test_a_connection_that_was_opened_in_advance_is_left_to_gunicorn(monkeypatch):
    monkeypatch.setattr(gthread, "DEFAULT_WORKER_DATA_TIMEOUT", 0)
    ours, theirs = socketpair()
    conn = gthread.TConn(Config(), ours, None, None)
    answered = Worker.handle(Worker.__new__(Worker), conn)

    assert answered is gthread._DEFER and not conn.sock.is_late
    conn.sock.close()
    theirs.close()


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "found"),
    [
        ("127.0.0.1", "203.0.113.9", "127.0.0.1,::1", "203.0.113.9"),
        ("127.0.0.1", "10.9.9.9, 203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 10.0.0.2", "127.0.0.1, 10.0.0.0/8", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.3, 10.0.0.2", "127.0.0.1, 10.0.0.0/8", "10.0.0.3"),
        ("::1", "2001:db8::7", "127.0.0.1,::1", "2001:db8::7"),
        ("172.18.0.1", "10.9.9.9, 203.0.113.9", "*", "203.0.113.9"),
        ("203.0.113.5", "10.9.9.9", "127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", "", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "<script>, x:1", "*", "127.0.0.1"),
        ("", "203.0.113.9", "127.0.0.1", ""),
    ],
)
def test_the_proxies_and_nobody_else_are_believed_about_who_sends(peer, forwarded, proxies, found):
    seen = []
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}

    behind(lambda environ, start_response: seen.append(environ["REMOTE_ADDR"]), proxies)(environ, 0)

    assert seen == [found]
