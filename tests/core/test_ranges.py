"""Parts of files by RFC 9110: what is asked for, what is beyond, and what is left alone."""

from io import BytesIO

import pytest
from django.test import RequestFactory

from portal.core.media.ranges import answered

CONTENT = bytes(range(100)) * 2000
SIZE = len(CONTENT)


def ask(method="get", **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    file = BytesIO(CONTENT)
    response = answered(request, file, size=SIZE, etag='"a"', content_type="video/mp4")
    content = b"".join(response) if response.streaming else response.content
    for close in response._resource_closers:  # what `close` does, besides ending a request
        close()
    assert file.closed
    return response, content


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=10-19", 10, 19),
        ("bytes=100000-", 100_000, SIZE - 1),
        ("bytes=10-99999999", 10, SIZE - 1),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        ("bytes=-99999999", 0, SIZE - 1),
    ],
)
def test_a_part_is_answered_with_206(asked, start, end):
    response, content = ask(Range=asked)

    assert response.status_code == 206
    assert content == CONTENT[start : end + 1]
    assert response["Content-Range"] == f"bytes {start}-{end}/{SIZE}"
    assert response["Content-Length"] == str(end - start + 1)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999999-", "bytes=-0"])
def test_what_is_beyond_is_answered_with_416(asked):
    response, content = ask(Range=asked)

    assert (response.status_code, content) == (416, b"")
    assert response["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=-", "bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=" + "9" * 40],
)
def test_all_else_is_answered_with_the_whole(asked):
    response, content = ask(Range=asked)

    assert (response.status_code, content) == (200, CONTENT)
    assert response["Accept-Ranges"] == "bytes" and "Content-Range" not in response


def test_a_part_of_a_file_that_changed_is_the_whole():
    assert ask(Range="bytes=0-1", **{"If-Range": '"a"'})[0].status_code == 206
    assert ask(Range="bytes=0-1", **{"If-Range": '"b"'})[0].status_code == 200
    assert ask(Range="bytes=0-1", **{"If-Range": "Wed, 21 Oct 2015 07:28:00 GMT"})[1] == CONTENT


def test_head_knows_no_ranges():
    response, _ = ask("head", Range="bytes=0-1")

    assert response.status_code == 200 and response["Content-Length"] == str(SIZE)
