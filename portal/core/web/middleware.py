"""What every request gets, whoever sends it: an identity, and headers that keep it private."""

import re
import uuid
from contextvars import ContextVar
from functools import cached_property
from typing import ClassVar

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.shortcuts import render

request_id: ContextVar[str] = ContextVar("request_id", default="")

API = "/api/v1/"
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdentity:
    """Give each request an id that its answer, its log lines and its errors carry."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.headers.get("X-Request-ID", "")
        request.id = sent if ACCEPTED_ID.fullmatch(sent) else uuid.uuid4().hex
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = request.id
        return response


class SlashOptional:
    """Answer programs with or without the last slash: a redirect would lose what they send."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if f"{request.path_info}/".startswith(API) and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self.get_response(request)


class ContentPolicy(CSPMiddleware):
    """The policy of django-csp, put together once for all answers that have none of their own."""

    OWN: ClassVar = {"_csp_exempt", "_csp_config", "_csp_update", "_csp_replace"}

    def process_response(self, request, response):
        if settings.DEBUG or self.OWN & vars(response).keys():
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response

    @cached_property
    def policy(self) -> str:
        return build_policy()


class PrivateByDefault:
    """Keep pages out of caches and sensors off unless a view says otherwise."""

    POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Permissions-Policy", self.POLICY)
        headers.setdefault("X-Frame-Options", "DENY")
        return response


class NotAllowedShown:
    """Give a page to a browser that opened an address which only takes forms: not a blank one."""

    SAID: ClassVar = {
        "title": "Nothing to read here",
        "detail": "This address only takes what a form sends. Go back to the page of the form.",
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        blank = isinstance(response, HttpResponseNotAllowed) and not response.content
        if not blank or not request.accepts("text/html"):
            return response
        page = render(request, "error.html", self.SAID, status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page
