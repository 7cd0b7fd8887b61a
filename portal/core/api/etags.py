"""Conditional requests (RFC 9110, section 13) with strong entity tags."""

import re

from portal.core.problems import PreconditionRequired, Stale

TAG = re.compile(r'(?:W/)?"[^"]*"')


def tags(header: str) -> list[str]:
    """The entity tags of a header; weak ones without their mark, as If-None-Match compares."""
    return [tag.removeprefix("W/") for tag in TAG.findall(header)]


def is_unchanged(request, etag: str) -> bool:
    """Whether If-None-Match names this representation, so that 304 is the answer."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header or not etag:
        return False
    return header.strip() == "*" or etag in tags(header)


def require_match(request, *accepted: str, difference: str = "") -> None:
    """Raise unless If-Match names one of the tags; the first is the current one."""
    header = request.META.get("HTTP_IF_MATCH", "").strip()
    if not header:
        raise PreconditionRequired(
            "Send If-Match with the ETag of what your change is based on.", current=accepted[0]
        )
    sent = [tag for tag in TAG.findall(header) if not tag.startswith("W/")]
    if header != "*" and not set(sent) & set(accepted):
        extra = {"difference": difference} if difference else {}
        detail = "It was changed meanwhile. Fetch it again and apply your change to that."
        raise Stale(detail, current=accepted[0], **extra)
