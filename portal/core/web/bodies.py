"""What a program sends to an address that is a key, read by the view and by nobody before it."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from gunicorn.http.errors import ParseException

log = logging.getLogger(__name__)

NO_LENGTH = "Say how long it is (Content-Length): it cannot be read in chunks here."
NOT_WHOLE = "It did not arrive whole. Send it again."


class Unreceived(Exception):
    """The body cannot be had; the text is for whoever sends it, with this status."""

    def __init__(self, words: str, status: int):
        super().__init__(words)
        self.words, self.status = words, status


def reader_of(request: HttpRequest) -> Callable[[int], bytes]:
    """What reads so many bytes of the body, fewer at its end, and then none. Raises Unreceived.

    What comes in chunks has no length, and Django takes it for empty: it is read from the server,
    if that says where it ends.
    """
    read = request.read
    if "HTTP_TRANSFER_ENCODING" in request.META:
        if not request.META.get("wsgi.input_terminated"):
            raise Unreceived(NO_LENGTH, 411)
        read = request.META["wsgi.input"].read

    def reading(size: int) -> bytes:
        try:
            return read(size)
        except (OSError, ParseException) as error:
            log.info("The body of a request did not arrive: %s", error or type(error).__name__)
            raise Unreceived(NOT_WHOLE, 400) from error

    return reading


def unlogged(response: HttpResponse) -> HttpResponse:
    """The same, of which Django logs nothing: its one line is written."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
