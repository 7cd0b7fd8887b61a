"""The door that gunicorn opens: what is too large is refused before anybody reads it."""

from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest

from portal.wsgi import LARGEST_BODY, behind, bounded, largest_at


class Unread(BytesIO):
    def read(self, *size):
        raise AssertionError("Nobody may read this.")


def answer(length: str, path: str = "/") -> tuple[str, bytes]:
    """Status and body for a request that announces so many bytes."""
    statuses: list[str] = []
    environ = {"CONTENT_LENGTH": length, "PATH_INFO": path, "wsgi.input": Unread()}
    setup_testing_defaults(environ)

    def portal(environ, start_response):
        start_response("200 OK", [])
        return [b"the portal"]

    body = bounded(portal)(environ, lambda status, headers: statuses.append(status))
    return statuses[0], b"".join(body)


def test_what_is_too_large_is_refused_unread():
    status, body = answer(str(LARGEST_BODY + 1))

    assert status == "413 Content Too Large"
    assert b"12 MB" in body


@pytest.mark.parametrize(
    "videos", ["/guides/first-day/videos/new/", "/admin/onboarding/guide/import/"]
)
def test_two_addresses_take_videos_and_still_have_a_limit(videos):
    more = str(LARGEST_BODY + 1)

    assert answer(more, videos) == ("200 OK", b"the portal")
    assert answer(str(largest_at(videos) + 1), videos)[0] == "413 Content Too Large"
    for path in ("/guides/first-day/", f"{videos}x", "/guides/a/b/videos/new/", f"/x{videos}"):
        assert answer(more, path)[0] == "413 Content Too Large"


def test_all_else_reaches_the_portal():
    for length in ("", "0", str(LARGEST_BODY)):
        assert answer(length) == ("200 OK", b"the portal")


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
