"""The door that gunicorn opens: what is too large is refused before anybody reads it."""

from io import BytesIO
from wsgiref.util import setup_testing_defaults

from portal.wsgi import LARGEST_BODY, bounded


class Unread(BytesIO):
    def read(self, *size):
        raise AssertionError("Nobody may read this.")


def answer(length: str) -> tuple[str, bytes]:
    """Status and body for a request that announces so many bytes."""
    statuses: list[str] = []
    environ = {"CONTENT_LENGTH": length, "wsgi.input": Unread()}
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


def test_all_else_reaches_the_portal():
    for length in ("", "0", str(LARGEST_BODY)):
        assert answer(length) == ("200 OK", b"the portal")
