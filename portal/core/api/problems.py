"""Errors as application/problem+json (RFC 9457), whatever raised them."""

from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpResponse, UnreadablePostError
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.settings import api_settings

from portal.core.data.outages import outage_of
from portal.core.markdown import MarkdownError, MarkdownTooLarge
from portal.core.problems import Conflict, DomainError, Refused, TooLarge

MEDIA_TYPE = "application/problem+json"
UNIQUE_VIOLATION = "23505"  # SQLSTATE of PostgreSQL
LOGGED = "It was written to the log under the request id below."


def problem_response(
    request,
    *,
    status: int,
    title: str = "",
    detail: str = "",
    code: str = "",
    headers=None,
    **members,
) -> HttpResponse:
    """One problem document. `code` becomes its type, relative to /api/problems/."""
    body = {
        "type": f"/api/problems/{code}" if code else "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": escape_leading_slashes(escape_uri_path(request.path)),
        **members,
        "request_id": getattr(request, "id", ""),
    }
    response = HttpResponse(
        orjson.dumps(body, default=str), status=status, content_type=MEDIA_TYPE, headers=headers
    )
    response.headers["Cache-Control"] = "no-store"
    return response


class ProblemHandler(ExceptionHandler):
    """The library decides what an exception is and reports it; we shape the answer."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        exc = outage_of(exc) or exc
        match exc:
            case MarkdownTooLarge():
                exc = TooLarge(str(exc), pointer="/text")
            case MarkdownError():
                exc = Refused(str(exc), pointer="/text")
            case ModelError():
                exc = exceptions.ValidationError(_by_field(exc))
            case IntegrityError() if _is_duplicate(exc):
                exc = Conflict("Something with this name or number exists already.")
            case ProtectedError() | RestrictedError():
                exc = Conflict("Other things still refer to it.")
            case RequestDataTooBig():
                exc = TooLarge("The body is larger than what is accepted. Send less at a time.")
            case BadRequest() | SuspiciousOperation() | UnreadablePostError():
                exc = exceptions.ParseError("The request cannot be read.")
        return (
            _Known(exc) if isinstance(exc, DomainError) else super().convert_known_exceptions(exc)
        )

    def should_not_handle(self, exc: Exception) -> bool:
        return False

    def format_exception(self, exc):
        return exc

    def get_response(self, exc, data):
        request = self.context["request"]
        headers = {name: str(value) for name, value in self.get_headers(exc).items()}
        if isinstance(exc, _Known):
            return exc.answer(request)
        errors = _errors(exc.detail) if isinstance(exc, exceptions.ValidationError) else []
        members: dict[str, Any] = {"errors": errors} if errors else {}
        code = "invalid" if errors else str(exc.default_code).replace("_", "-")
        detail = _summary(errors) if errors else str(exc.detail)
        if exc.status_code >= 500:
            detail = LOGGED
        return problem_response(
            request, status=exc.status_code, detail=detail, code=code, headers=headers, **members
        )


class _Known(exceptions.APIException):
    """A DomainError on its way through the library's handler."""

    def __init__(self, error: DomainError):
        super().__init__(error.detail)
        self.error, self.status_code = error, error.status

    def answer(self, request) -> HttpResponse:
        extra = dict(self.error.extra)
        headers = {"ETag": extra["current"]} if extra.get("current") else {}
        headers |= waiting(self.error)
        pointer = extra.pop("pointer", None)
        if pointer is not None:
            row = {"pointer": pointer, "code": self.error.code, "detail": self.error.detail}
            extra["errors"] = [row]
        return problem_response(
            request,
            status=self.status_code,
            title=self.error.title,
            detail=f"{self.error.detail} {LOGGED}"
            if self.status_code >= 500
            else self.error.detail,
            code=self.error.code,
            headers=headers,
            **extra,
        )


def waiting(error: DomainError) -> dict[str, str]:
    """The header that says when to try again, where that is known."""
    return {"Retry-After": str(error.wait)} if error.wait else {}


def answer_to(refusal: DomainError, request) -> HttpResponse:
    """The answer to a refusal that a view does not raise, as what was done has to stay."""
    return _Known(refusal).answer(request)


def exception_handler(exc, context):
    return ProblemHandler(exc, context).run()


def _errors(detail, pointer: str = "") -> list[dict]:
    """One entry for each error, with an RFC 6901 pointer into what was sent; empty: the whole."""
    if isinstance(detail, exceptions.ErrorDetail):
        return [{"pointer": pointer, "code": detail.code, "detail": str(detail)}]
    if isinstance(detail, dict):
        places = [(_member(pointer, name), found) for name, found in detail.items()]
    else:
        places = [(_item(pointer, index, found), found) for index, found in enumerate(detail)]
    return [error for place, found in places for error in _errors(found, place)]


def _member(pointer: str, name) -> str:
    if name == api_settings.NON_FIELD_ERRORS_KEY:
        return pointer
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _item(pointer: str, index: int, found) -> str:
    """The pointer to an item; plain messages in a list are about the list itself."""
    return pointer if isinstance(found, exceptions.ErrorDetail) else f"{pointer}/{index}"


def _is_duplicate(exc: IntegrityError) -> bool:
    """Whether a uniqueness was violated; any other broken constraint is a mistake of ours."""
    state = getattr(exc.__cause__, "sqlstate", "")
    return state == UNIQUE_VIOLATION or "UNIQUE constraint failed" in str(exc)


def _summary(errors: list[dict]) -> str:
    first = errors[0]
    where = f"{first['pointer'].lstrip('/')}: " if first["pointer"] else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{where}{first['detail']}{more}"


def _by_field(exc: ModelError) -> dict:
    if not hasattr(exc, "error_dict"):
        return {api_settings.NON_FIELD_ERRORS_KEY: exc.messages}
    messages = exc.message_dict
    whole = messages.pop(NON_FIELD_ERRORS, None)
    return messages | ({api_settings.NON_FIELD_ERRORS_KEY: whole} if whole else {})
