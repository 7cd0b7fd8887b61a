"""Conditional requests (RFC 9110, section 13) with strong entity tags."""

import hashlib
import re
from collections.abc import Mapping

import orjson
from drf_spectacular.utils import OpenApiParameter

from portal.core.problems import PreconditionRequired, Stale

TAG = re.compile(r'(?:W/)?"[^"]*"')
FORMAT = re.compile(r'(?:\.drawn-[0-9a-f]+)?(?:\.(?:markdown|html|csv|svg|mermaid))?"$')
CHANGED = "It was changed meanwhile. Fetch it again and apply your change to that."
UNTAGGED = "What is written to here has no ETag: leave If-Match out."
IF_MATCH = [  # for the document of a view that calls require_match
    OpenApiParameter(
        "If-Match",
        str,
        OpenApiParameter.HEADER,
        required=True,
        description="The ETag of what this is based on; `*` for whatever it is now.",
    )
]


def tags(header: str) -> list[str]:
    """The entity tags of a header; weak ones without their mark, as If-None-Match compares."""
    return [tag.removeprefix("W/") for tag in TAG.findall(header)]


def of_format(etag: str, name: str) -> str:
    """The tag of a representation: strong tags differ between JSON and the text itself."""
    return etag if name in ("json", "file") or not etag else f'{etag[:-1]}.{name}"'


def of_content(content: bytes) -> str:
    """The tag of an answer that has no version of its own."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def of_drawing(etag: str, html: str) -> str:
    """The tag of a text whose HTML changes without it: drawn from other rows, or rendered anew."""
    digest = hashlib.blake2b(html.encode(), digest_size=6).hexdigest()
    return f'{etag[:-1]}.drawn-{digest}"'


def of_row(etag: str, row: Mapping) -> str:
    """The tag of a row that shows what its revision does not count, such as names of people."""
    drawn = orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return of_drawing(etag, drawn.decode())


def is_unchanged(request, etag: str) -> bool:
    """Whether If-None-Match names this representation, so that 304 is the answer."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header or not etag:
        return False
    return header == etag or header.strip() == "*" or etag in tags(header)


def refuse_new(request) -> None:
    """Raise (412) for a write under `If-None-Match: *` at an address where something is.

    PUT may make what is not there: `require_absence` answers for it.
    """
    header = request.META.get("HTTP_IF_NONE_MATCH", "").strip()
    if header == "*" and request.method in ("POST", "PATCH", "DELETE"):
        raise Stale("If-None-Match: * allows it only where nothing is at this address.")


def require_absence(request, current: str) -> None:
    """Raise (412) if If-None-Match names what is there, whose tag is `current`."""
    header = request.META.get("HTTP_IF_NONE_MATCH", "").strip()
    if header == "*" or current in tags(header):
        raise Stale("It exists: leave If-None-Match out to replace it.", current=current)


def refuse_missing(request) -> None:
    """Raise (412) if If-Match says that something is there that is not; `*` says so, too."""
    if request.META.get("HTTP_IF_MATCH", "").strip():
        raise Stale("Nothing is at this address: leave If-Match out to make it.")


def require_match(request, *accepted: str, difference: str = "") -> None:
    """Raise unless If-Match names one of the tags; the first is the current one.

    Any representation will do: whoever read the Markdown may write on top of it.
    """
    if not request.META.get("HTTP_IF_MATCH", "").strip():
        require_absence(request, accepted[0])
        raise PreconditionRequired(
            "Send If-Match with the ETag of what your change is based on.", current=accepted[0]
        )
    hold_match(request, *accepted, difference=difference)


def hold_match(request, *accepted: str, difference: str = "") -> None:
    """Raise (412) if a condition is sent that does not hold; without tags, only `*` does.

    RFC 9110: what is asked under a condition is never done without it, needed or not.
    """
    current = accepted[0] if accepted else ""
    if current:
        require_absence(request, current)
    header = request.META.get("HTTP_IF_MATCH", "").strip()
    if not header or header == "*":
        return
    sent = {_bare(tag) for tag in TAG.findall(header) if not tag.startswith("W/")}
    if sent.isdisjoint(map(_bare, accepted)):
        told = {"current": current, "difference": difference}
        raise Stale(CHANGED if current else UNTAGGED, **{n: v for n, v in told.items() if v})


def _bare(tag: str) -> str:
    return FORMAT.sub('"', tag)
