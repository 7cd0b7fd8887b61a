"""The base of every API view: signed in, permitted, within its scopes, limited, conditional."""

from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from rest_framework.exceptions import (
    AuthenticationFailed,
    NotAuthenticated,
    ParseError,
    PermissionDenied,
)
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.views import APIView

from . import etags
from .deprecation import Deprecation
from .fields import refuse_choice
from .names import parameters, query_parameters, refuse_repeated, refuse_unknown
from .negotiation import preferred
from .ratelimit import Limiter

CACHE = "private, no-cache"
VARY = "Accept, Authorization, Cookie"
READING = ("GET", "HEAD")
FAILURES_PER_MINUTE = 30

requests = Limiter("default", settings.API_RATE)
failures = Limiter("sign-in", FAILURES_PER_MINUTE)


@lru_cache(maxsize=256)
def _made(classes: tuple[type, ...]) -> tuple:
    """One instance of each class for all requests: ours keep no state."""
    return tuple(each() for each in classes)


class ApiView(APIView):
    """Deny by default: a method without an entry in `permissions` is refused.

    `area` is the part of a token's scopes that the view belongs to. A view that can tell its
    entity tag from one small query defines `current_etag`, and 304 costs no more than that;
    other answers get a tag made of their content,
    and streams, of which nobody has it all, none.
    """

    area: ClassVar[str] = ""
    any_scope: ClassVar[bool] = False  # True: every token may, whatever its scopes
    permissions: ClassVar[dict[str, str]] = {}
    deprecation: ClassVar[Deprecation | None] = None
    permission_classes = ()
    throttle_classes = ()

    @classmethod
    def as_view(cls, **initkwargs):
        view = super().as_view(**initkwargs)
        view.login_required = False  # it answers 401 itself
        return view

    def current_etag(self) -> str:
        """The tag of what GET would answer now; empty where there is none."""
        return ""

    # What DRF makes anew for each request is made once.
    def get_authenticators(self):
        return _made(tuple(self.authentication_classes))

    def get_parsers(self):
        return _made(tuple(self.parser_classes))

    def get_renderers(self):
        return _made(tuple(self.renderer_classes))

    def dispatch(self, request, *args, **kwargs):
        self.args, self.kwargs, self.headers, self.limits = args, kwargs, {}, {}
        request = self.request = self.initialize_request(request, *args, **kwargs)
        try:
            self.initial(request, *args, **kwargs)
            response = self.unchanged(request) or self.handle(request, *args, **kwargs)
            response = self.conditional(request, self.rendered(response))
        except Exception as error:
            self.limits = getattr(error, "limits", self.limits)
            response = self.handle_exception(error)
        return self.finished(response)

    def initial(self, request, *args, **kwargs):
        self.sign_in(request)
        self.limits = requests.check(self.caller(request))
        self.permit(request)
        self.perform_content_negotiation(request)
        _refuse_nul(request)
        self.refuse_unknown_query(request)
        etags.refuse_new(request)

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
        method = request.method
        if method == "OPTIONS":
            return
        name = self.permissions.get("GET" if method == "HEAD" else method)
        if name is None:
            self.http_method_not_allowed(request)
        write = method not in SAFE_METHODS
        scoped = request.auth and not self.any_scope
        if scoped and not request.auth.allows(self.area, write=write):
            wanted = f"{self.area}:{'write' if write else 'read'}"
            raise PermissionDenied(f"The token lacks the scope {wanted}.")
        if name != "signed-in" and not request.user.has_perm(name):
            raise PermissionDenied(f"Your role lacks the permission {name}.")

    def refuse_unknown_query(self, request) -> None:
        """A misspelt filter must not answer with everything: 400 with the nearest name.

        Nor is one of two values chosen unseen, where there can be one only.
        """
        method = "GET" if request.method == "HEAD" else request.method
        if request.META.get("QUERY_STRING") and method != "OPTIONS":
            view: Any = type(self)
            known = query_parameters(view, method)
            if hasattr(view, method.lower()):
                names = [each.name for each in known]
                refuse_unknown(request.query_params, names, what="parameter")
                refuse_repeated(request.query_params, known)
                refuse_choice(request.query_params, request.accepted_renderer.format)

    def perform_content_negotiation(self, request, force=False):
        """Choose the renderer by the Accept header alone, and note it on the request."""
        renderers = {renderer.media_type: renderer for renderer in self.get_renderers()}
        accept = request.META.get("HTTP_ACCEPT") or "*/*"
        request.accepted_media_type = preferred(accept, tuple(renderers))
        request.accepted_renderer = renderers[request.accepted_media_type]
        return request.accepted_renderer, request.accepted_media_type

    def handle(self, request, *args, **kwargs) -> HttpResponse:
        if "HTTP_IF_MATCH" in request.META and request.method not in SAFE_METHODS:
            self.hold_match(request, *args, **kwargs)
        return getattr(self, request.method.lower())(request, *args, **kwargs)

    def hold_match(self, request, *args, **kwargs) -> None:
        """Raise (412) under an If-Match that does not hold, also where none is required.

        Where the document names If-Match, the handler looks at it itself, under its lock.
        """
        view: Any = type(self)
        names = (each.name for each in parameters(view, request.method))
        if "If-Match" not in names:
            etag = self.present_etag(request, *args, **kwargs)
            etags.hold_match(request, *filter(None, [etag]))

    def present_etag(self, request, *args, **kwargs) -> str:
        """The tag with which GET would answer here; empty where there is none."""
        if "GET" not in self.permissions:
            return ""
        answer = self.rendered(getattr(self, "get")(request, *args, **kwargs))  # noqa: B009
        if answer.status_code != 200 or answer.streaming:
            return ""
        return answer.headers.get("ETag") or etags.of_content(answer.content)

    def rendered(self, response: HttpResponse) -> HttpResponse:
        """A Response of DRF with its content; others have it already."""
        if isinstance(response, Response) and not response.is_rendered:
            response = self.finalize_response(self.request, response)
            response.render()
        return response

    def unchanged(self, request) -> HttpResponse | None:
        """304 before anything else is read, where the view knows its tag."""
        if request.method not in READING or "HTTP_IF_NONE_MATCH" not in request.META:
            return None
        etag = etags.of_format(self.current_etag(), request.accepted_renderer.format)
        return _not_modified(etag) if etags.is_unchanged(request, etag) else None

    def conditional(self, request, response: HttpResponse) -> HttpResponse:
        """Give an answer to GET its tag; 304 if the client has it already."""
        if request.method not in READING or response.status_code != 200 or response.streaming:
            return response
        own = response.headers.get("ETag", "")
        etag = etags.of_format(own, request.accepted_renderer.format)
        etag = response.headers["ETag"] = etag or etags.of_content(response.content)
        return _not_modified(etag) if etags.is_unchanged(request, etag) else response

    def finished(self, response: HttpResponse) -> HttpResponse:
        headers = response.headers
        headers.setdefault("Cache-Control", CACHE)
        headers["Vary"] = VARY
        for name, value in self.limits.items():
            headers[name] = value
        if self.deprecation:
            self.deprecation.apply(headers)
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


def _not_modified(etag: str) -> HttpResponse:
    return HttpResponseNotModified(headers={"ETag": etag})


def _refuse_nul(request) -> None:
    """PostgreSQL cannot look for NUL, so nothing with it in its address exists."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
        raise ParseError("The address contains a NUL character.")
