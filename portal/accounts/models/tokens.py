import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from portal.core.data.queries import Prepared, columns_of, row_of

from .users import User, permissions_of, with_keys

PREFIX = "ops_"  # lets scanners for leaked secrets recognise a token of ours
AREAS = (
    "accounts",
    "architecture",
    "incidents",
    "monitoring",
    "notifications",
    "onboarding",
    "runbooks",
)
SCOPES = ("read", "write", *(f"{area}:{access}" for area in AREAS for access in ("read", "write")))
SEEN_EVERY = timedelta(minutes=1)
DAYS = 90  # unless told otherwise
MOST_DAYS = 3650  # of any token; a machine may run for years before somebody looks at it
MOST_DAYS_OF_PERSON = 365  # of one that people make for themselves


def validate_scopes(scopes: list[str]) -> None:
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        named = f"Unknown scope: {', '.join(map(str, unknown))}. " if unknown else ""
        raise ValidationError(f"{named}Choose one or more of {', '.join(SCOPES)}.")


def validate_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(f"A token lives from 1 to {MOST_DAYS} days, not {days}.")


def digest_of(plain: str) -> str:
    """SHA-256 is enough: the token has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(plain.encode()).hexdigest()


class TokenQuerySet(models.QuerySet):
    def signing_in(self, plain: str, *, at):
        """The usable token with its user and their permissions in one query, or None."""
        found = _with_user(digest=digest_of(plain))
        token = _made(found[0]) if found else None
        return token if token and token.is_usable(at=at) else None

    def usable(self, *, at):
        """Those that still sign in."""
        return self.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)

    def revoke(self, *, at) -> int:
        """Refuse them all from now on; returns how many there were."""
        return self.filter(revoked_at=None).update(revoked_at=at)

    def issue(self, user, name: str, scopes: list[str], *, days: int, at=None):
        """Make a token; returns it and its plain text, which is stored nowhere.

        Raises ValidationError for a lifetime, name or scopes that it may not have.
        """
        validate_days(days)
        at = at or timezone.now()
        plain = PREFIX + secrets.token_urlsafe(32)
        token = self.model(
            user=user,
            name=name,
            scopes=sorted(scopes),
            digest=digest_of(plain),
            hint=plain[:8],
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        token.full_clean()
        token.save()
        return token, plain


class Token(models.Model):
    """A key with which a program signs in as its owner, within its scopes, until it expires."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=80, help_text="What uses it, for example “deploy pipeline”.")
    scopes = models.JSONField(default=list, validators=[validate_scopes])
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.name} ({self.hint}…)"

    def is_usable(self, *, at) -> bool:
        return self.revoked_at is None and self.expires_at > at and self.user.is_active

    def allows(self, area: str, *, write: bool) -> bool:
        """Whether the scopes cover an area; writing never implies reading everything else."""
        access = "write" if write else "read"
        granted = {access, f"{area}:{access}"}
        if not write:
            granted |= {"write", f"{area}:write"}
        return not granted.isdisjoint(self.scopes)

    def seen(self, *, at) -> None:
        """Note the use, at most once a minute: a read must not cost a write."""
        if self.last_used_at is None or at - self.last_used_at >= SEEN_EVERY:
            Token.objects.filter(pk=self.pk).update(last_used_at=at)

    def revoke(self, *, at) -> None:
        Token.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=at)


def _rows(*, digest: str):
    rows = Token.objects.filter(digest=digest).order_by()
    rows = rows.annotate(permission_keys=permissions_of("user"))
    return rows.values_list(*columns_of(Token), *columns_of(User, "user"), "permission_keys")


def _made(values: tuple) -> Token:
    own = len(columns_of(Token))
    token = row_of(Token, values[:own])
    token.user = with_keys(values[own:])
    return token


_with_user = Prepared(_rows)  # every request of a program asks it
