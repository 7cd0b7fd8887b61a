"""Who sends a large body: asked of the database before it is read, for anybody can show a name."""

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import DatabaseError
from django.http import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from portal.accounts.models import Token, User

from .sessions import SessionStore


def is_signed_in(environ: dict) -> bool:
    """Whether its token or its session signs somebody in; not where nobody can tell."""
    try:
        return _has_token(environ) or _has_session(environ)
    except (DatabaseError, ValueError):  # the last: of PostgreSQL, for a NUL character
        return False


def _has_token(environ: dict) -> bool:
    scheme, _, plain = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    found = scheme.lower() == "bearer" and Token.objects.signing_in(plain, at=timezone.now())
    return bool(found)


def _has_session(environ: dict) -> bool:
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    kept = SessionStore(key) if key else {}
    person = User.objects.active().filter(pk=kept.get(SESSION_KEY)).first()
    known = kept.get(HASH_SESSION_KEY, "")
    return bool(person) and constant_time_compare(known, person.get_session_auth_hash())
