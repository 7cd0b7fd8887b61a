"""A part of a file instead of the whole (RFC 9110, chapter 14): videos are skipped through."""

import re
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse

ONE_RANGE = re.compile(r"bytes=[ \t]*(?P<first>\d{0,18})-(?P<last>\d{0,18})[ \t]*")
AT_ONCE = 64 * 1024


def wanted(request, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte that are asked for, or None for the whole. Raises IndexError.

    Several ranges, other units and malformed ones are answered with the whole, as is a range of
    a file that has changed (If-Range).
    """
    match = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range", etag)
    if request.method != "GET" or not match or condition != etag:
        return None
    first, last = match["first"], match["last"]
    if (not first and not last) or (first and last and int(last) < int(first)):
        return None
    if not first:
        start, end = max(size - int(last), 0), size - 1
        start = size if last and int(last) == 0 else start
    else:
        start, end = int(first), min(int(last or size - 1), size - 1)
    if start >= size:
        raise IndexError
    return start, end


def answered(request, file, *, size: int, etag: str, content_type: str):
    """The file or the part of it that is asked for; closed when it was sent."""
    try:
        part = wanted(request, size, etag)
    except IndexError:
        file.close()
        return _none(size, etag)
    start, end = part or (0, size - 1)
    response = StreamingHttpResponse(_pieces(file, start, end), content_type=content_type)
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    response.status_code = 206 if part else 200
    response.headers["Content-Length"] = str(end - start + 1)
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    return response


def _none(size: int, etag: str) -> HttpResponse:
    response = HttpResponse(status=416, content_type="text/plain")
    response.headers["Content-Range"] = f"bytes */{size}"
    response.headers["ETag"] = etag
    return response


def _pieces(file, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    left = end - start + 1
    while left > 0 and (piece := file.read(min(left, AT_ONCE))):
        left -= len(piece)
        yield piece
