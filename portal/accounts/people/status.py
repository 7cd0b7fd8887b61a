"""The words, icons and tones in which accounts and their tokens are shown."""

from datetime import datetime

from portal.accounts.models import Token
from portal.core.web.status import Status

ACCOUNT = {True: Status("ok", "ok", "Active"), False: Status("idle", "x", "Switched off")}
USABLE = Status("ok", "ok", "Active")
REVOKED = Status("idle", "x", "Revoked")
EXPIRED = Status("idle", "clock", "Expired")
UNUSABLE = Status("warn", "warn", "Owner switched off")


def token_status(token: Token, *, at: datetime) -> Status:
    """Whether it still signs in, or why not."""
    if token.revoked_at:
        return REVOKED
    if token.expires_at <= at:
        return EXPIRED
    return USABLE if token.user.is_active else UNUSABLE
