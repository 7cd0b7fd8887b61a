"""The base of every API view: signed in, permitted, within its scopes, limited, conditional."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import http_date
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.views import APIView

from .etags import is_unchanged
from .ratelimit import Limiter

CACHE = "private, no-cache"
VARY = "Accept, Authorization, Cookie"
FAILURES_PER_MINUTE = 30

requests = Limiter("default", settings.API_RATE)
failures = Limiter("sign-in", FAILURES_PER_MINUTE)


@dataclass(frozen=True)
class Deprecation:
    """That a route will go: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) headers."""

    since: datetime
    sunset: datetime
    successor: str

    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": http_date(self.sunset.timestamp()),
            "Link": f'<{self.successor}>; rel="successor-version"',
        }


class ApiView(APIView):
    """Deny by default: a method without an entry in `permissions` is refused.

    `area` is the part of a token's scopes that the view belongs to. A view that can tell its
    entity tag from one small query defines `current_etag`, and 304 costs no more than that.
    """

    area: ClassVar[str] = ""
    permissions: ClassVar[dict[str, str]] = {}
    deprecation: ClassVar[Deprecation | None] = None
    permission_classes = ()
    throttle_classes = ()
    format_kwarg = None

    @classmethod
    def as_view(cls, **initkwargs):
        view = super().as_view(**initkwargs)
        view.login_required = False  # it answers 401 itself
        return view

    def current_etag(self) -> str:
        """The tag of what GET would answer now; empty where there is none."""
        return ""

    def initial(self, request, *args, **kwargs):
        request.accepted_renderer, request.accepted_media_type = self.negotiated(request)
        self.sign_in(request)
        self.limits = requests.check(self.caller(request))
        self.permit(request)

    def negotiated(self, request):
        """Content negotiation, without the work where the client takes anything."""
        accept = request.META.get("HTTP_ACCEPT", "*/*")
        if accept in ("*/*", "application/json"):
            renderer = self.renderer_classes[0]
            return renderer(), renderer.media_type
        return self.perform_content_negotiation(request)

    def sign_in(self, request) -> None:
        try:
            signed_in = request.user.is_authenticated
        except AuthenticationFailed:
            self.limits = failures.check(request.META.get("REMOTE_ADDR", ""))
            raise
        if not signed_in:
            raise NotAuthenticated("Sign in with “Authorization: Bearer <token>”.")

    def caller(self, request) -> str:
        return f"t{request.auth.pk}" if request.auth else f"u{request.user.pk}"

    def permit(self, request) -> None:
        """Raise unless the scopes of the token and the role of the person both allow it."""
        write = request.method not in SAFE_METHODS
        if request.method == "OPTIONS":
            return
        if request.auth and not request.auth.allows(self.area, write=write):
            wanted = f"{self.area}:{'write' if write else 'read'}"
            raise PermissionDenied(f"The token lacks the scope {wanted}.")
        name = self.permissions.get("GET" if request.method == "HEAD" else request.method)
        if name is None and request.method.lower() in self.http_method_names:
            return self.http_method_not_allowed(request)
        if name != "signed-in" and not request.user.has_perm(name):
            raise PermissionDenied(f"Your role lacks the permission {name}.")

    def dispatch(self, request, *args, **kwargs):
        self.args, self.kwargs, self.limits = args, kwargs, {}
        request = self.request = self.initialize_request(request, *args, **kwargs)
        try:
            self.initial(request, *args, **kwargs)
            response = self.unchanged(request) or self.handle(request, *args, **kwargs)
        except Exception as error:
            self.limits = getattr(error, "limits", self.limits)
            response = self.handle_exception(error)
        return self.finished(request, response)

    def handle(self, request, *args, **kwargs) -> HttpResponse:
        name = request.method.lower()
        handler = getattr(self, name, None) if name in self.http_method_names else None
        return (handler or self.http_method_not_allowed)(request, *args, **kwargs)

    def unchanged(self, request) -> HttpResponse | None:
        if request.method not in ("GET", "HEAD") or "HTTP_IF_NONE_MATCH" not in request.META:
            return None
        etag = self.current_etag()
        if not is_unchanged(request, etag):
            return None
        return HttpResponseNotModified(headers={"ETag": etag})

    def finished(self, request, response: HttpResponse) -> HttpResponse:
        headers = response.headers
        headers.setdefault("Cache-Control", CACHE)
        headers["Vary"] = VARY
        for name, value in self.limits.items():
            headers[name] = value
        if self.deprecation:
            for name, value in self.deprecation.headers().items():
                headers[name] = value
        if response.status_code == 405:
            headers["Allow"] = ", ".join(self.allowed_methods)
        return response

    @property
    def allowed_methods(self):
        return [*self.permissions, *(["HEAD"] if "GET" in self.permissions else []), "OPTIONS"]

    def options(self, request, *args, **kwargs):
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def head(self, request, *args, **kwargs):
        return self.get(request, *args, **kwargs)
