"""Errors as application/problem+json (RFC 9457), whatever raised them."""

from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError
from django.http import HttpResponse
from drf_standardized_errors.formatter import flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.settings import api_settings

from portal.core.markdown import MarkdownError, MarkdownTooLarge
from portal.core.problems import Conflict, DomainError, Refused, TooLarge

MEDIA_TYPE = "application/problem+json"


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
        "instance": request.path,
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
        match exc:
            case MarkdownTooLarge():
                exc = TooLarge(str(exc), pointer="/text")
            case MarkdownError():
                exc = Refused(str(exc), pointer="/text")
            case ModelError():
                exc = exceptions.ValidationError(_by_field(exc))
            case IntegrityError():
                exc = Conflict("Something with this name or number exists already.")
        return (
            _Known(exc) if isinstance(exc, DomainError) else super().convert_known_exceptions(exc)
        )

    def should_not_handle(self, exc: Exception) -> bool:
        return False

    def format_exception(self, exc):
        return exc

    def get_response(self, exc, data) -> HttpResponse:
        request = self.context["request"]
        headers = {name: str(value) for name, value in self.get_headers(exc).items()}
        if isinstance(exc, _Known):
            return exc.answer(request)
        errors = _errors(exc) if isinstance(exc, exceptions.ValidationError) else []
        members: dict[str, Any] = {"errors": errors} if errors else {}
        code = "invalid" if errors else str(exc.default_code).replace("_", "-")
        detail = _summary(errors) if errors else str(exc.detail)
        if exc.status_code >= 500:
            detail = "It was written to the log under the request id below. Trying again is safe."
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
        pointer = extra.pop("pointer", None)
        if pointer is not None:
            row = {"pointer": pointer, "code": self.error.code, "detail": self.error.detail}
            extra["errors"] = [row]
        return problem_response(
            request,
            status=self.status_code,
            title=self.error.title,
            detail=self.error.detail,
            code=self.error.code,
            headers=headers,
            **extra,
        )


def exception_handler(exc, context):
    return ProblemHandler(exc, context).run()


def _errors(exc) -> list[dict]:
    return [
        {"pointer": _pointer(error.attr), "code": error.code, "detail": str(error.detail)}
        for error in flatten_errors(exc.detail)
    ]


def _pointer(attr: str | None) -> str:
    """An RFC 6901 pointer into what was sent; empty for the whole."""
    if not attr or attr == api_settings.NON_FIELD_ERRORS_KEY:
        return ""
    parts = attr.split(".")
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


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
