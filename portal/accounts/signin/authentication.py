"""How programs sign in to the API: a bearer token, or the session of the web UI."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed

from portal.accounts.models import Token

ADVICE = "Send “Authorization: Bearer <token>” with a token of your profile page."


class TokenAuthentication(authentication.BaseAuthentication):
    """RFC 6750 bearer tokens; never in the address, where they would be logged."""

    def authenticate(self, request):
        scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not plain.strip() or " " in plain.strip():
            raise AuthenticationFailed(f"This is no bearer token. {ADVICE}")
        return self.signed_in(plain.strip())

    def signed_in(self, plain):
        now = timezone.now()
        token = Token.objects.signing_in(plain, at=now)
        if token is None:
            raise AuthenticationFailed(f"The token is unknown, expired or revoked. {ADVICE}")
        token.seen(at=now)
        return token.user, token

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The signed-in person of the web UI; writes need the CSRF token."""

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.accounts.signin.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": ADVICE}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "portal.accounts.signin.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
