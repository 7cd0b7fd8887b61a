"""What the `type` of a problem means, for programs and for people: each code has an address."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from rest_framework import exceptions

from portal.core.problems import DomainError

OF_FRAMEWORK = {  # whose classes say it to developers
    "authentication-failed": "The token or the session is not valid: make a new one.",
    "error": "A mistake of ours. It was written to the log under the request id.",
    "invalid": "What was sent is wrong: `errors` points at each place and says why.",
    "method-not-allowed": "This address does not take this method: see the header Allow.",
    "not-acceptable": "None of the media types in Accept can be given.",
    "not-authenticated": "Sign in with a token: “Authorization: Bearer …”.",
    "not-found": "There is no such thing, or you may not see it.",
    "parse-error": "The request cannot be read.",
    "permission-denied": "The role of the person or the scopes of the token do not allow this.",
    "throttled": "Too many requests: wait as long as Retry-After says.",
    "unsupported-media-type": "The body is of a type that is not taken here.",
}


OURS = {  # whose classes say more than programs see
    "bad-values": "Values of parameters were refused: `errors` points at each and says why.",
    "not-ended": "It is sent again only after it has ended, and as long as its text is stored.",
    "refused": "What was sent cannot be accepted: `errors` points at the member, if there is one.",
    "stale": "It was changed meanwhile: fetch it again, apply your change to that, and send it"
    " with the ETag in `current`. `difference` is a page that shows what changed.",
    "stale-guide": "Somebody changed the guide meanwhile: fetch it again, then send your change.",
    "stale-question": "Somebody changed the answer meanwhile: fetch it again, then send yours.",
    "stale-version": "Somebody saved a newer version meanwhile: merge your text with it, and send"
    " the result with the ETag in `current`. `difference` is a page that shows both.",
    "wrong-state": "It does not fit the state of the thing: `detail` says which state it is in.",
}


def meaning_of(code: str) -> dict[str, Any] | None:
    """Title, status and detail of a type of problem; None if there is no such code."""
    for kind in kinds(DomainError):
        if kind.code == code:
            detail = OURS.get(code) or " ".join((kind.__doc__ or "").split())
            return _said(code, kind.title, kind.status, detail)
    for known in kinds(exceptions.APIException):
        named = str(getattr(known, "default_code", "")).replace("_", "-")
        if named == code and code in OF_FRAMEWORK:
            status = HTTPStatus(known.status_code)
            return _said(code, status.phrase, status.value, OF_FRAMEWORK[code])
    return None


def _said(code: str, title: str, status: int, detail: str) -> dict[str, Any]:
    return {"type": f"/api/problems/{code}", "title": title, "status": status, "detail": detail}


def kinds(base: type) -> Iterator[Any]:
    """The class and all below it."""
    yield base
    for kind in base.__subclasses__():
        yield from kinds(kind)
