"""Finding deliveries, queueing them, and forgetting their texts."""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.core.data import clock
from portal.core.data.claims import LONGEST_PAUSE, ClaimableQuerySet
from portal.notifications.transports import mail

from .choices import ENDED, DeliveryState

LONGEST_SUBJECT = 200
NO_ADDRESS = "There is no e-mail address in the profile."
TEST_SUBJECT = "Test message"
TEST_TEXT = "Mail of the portal reaches you. You asked for this message; there is nothing to do.\n"
NOT_MAILED = "Not mailed, as the person chose."
FAILED_LONGER = 4  # times as long as what was sent: somebody has to see it


class DeliveryQuerySet(ClaimableQuerySet):
    def of(self, user):
        """What was written to this person."""
        return self.filter(recipient=user)

    def visible(self, user):
        """All for whoever may see all, their own for everybody else."""
        return self if user.has_perm("notifications.view_delivery") else self.of(user)

    def ended(self):
        """Sent, given up or expired."""
        return self.filter(state__in=ENDED)

    def given_up(self, since: datetime):
        """Those that no mail server took, for as long as somebody might still act on them."""
        failed = self.filter(state=DeliveryState.FAILED, due_at__gte=since)
        return failed.exclude(to="").exclude(text="")

    def stale(self, before: datetime, at: datetime):
        """Written before and still on their way, but for what an engine is sending right now."""
        soon = at + LONGEST_PAUSE  # those that pause after a failure, too
        on_their_way = self.waiting(soon) | self.abandoned(at)
        return on_their_way.filter(created_at__lt=before)

    def outlived(self, at: datetime, kept: timedelta):
        """Ended longer ago than texts are kept; what was given up is kept longer."""
        before = at - kept
        told = (
            Q(state=DeliveryState.SENT, due_at__lt=before, sent_at__lt=before)
            | Q(state=DeliveryState.EXPIRED, due_at__lt=before)
            | Q(state=DeliveryState.FAILED, due_at__lt=at - FAILED_LONGER * kept)
        )
        return self.filter(~Q(text=""), told)

    def forget(self, at: datetime, kept: timedelta, most: int) -> int:
        """Empty the texts of so many that have outlived it; returns how many.

        The rows stay: they are how `post` knows that an event was told already.
        """
        found = list(self.outlived(at, kept).order_by("pk").values_list("pk", flat=True)[:most])
        return self.outlived(at, kept).filter(pk__in=found).update(text="")

    def post(
        self,
        *,
        key: str,
        to: Iterable[str | User],
        subject: str,
        text: str,
        at: datetime | None = None,
        quiet: Container[int] = (),
    ) -> models.QuerySet:
        """Queue a message in the caller's transaction; returns what is queued under this key.

        The same key for the same person, or address of nobody here, is queued once, ever. `to`
        names people or addresses; people without an address get a row that says so. `at`: when to
        send it, now if not given, at most `FARTHEST` ahead. `quiet`: the keys of people who read it
        on their page only. Raises ValidationError for what is no address.
        """
        now = clock.now()
        about = {
            "key": key,
            "subject": mail.one_line(subject)[:LONGEST_SUBJECT],
            "text": text.replace("\x00", ""),
            "created_at": now,
            "due_at": at or now,
        }
        rows: Any = [self.model(**about, **_addressed(each, quiet)) for each in to]
        self.bulk_create(rows, ignore_conflicts=True)
        return self.filter(key=key)

    def post_test(self, to: User, *, at: datetime) -> bool:
        """Queue a message that only shows whether mail arrives; False: so did one this minute."""
        key = f"test-{to.pk}-{at:%Y%m%d%H%M}"
        if self.filter(key=key).exists():
            return False
        self.post(key=key, to=[to], subject=TEST_SUBJECT, text=TEST_TEXT)
        return True


def _addressed(to: str | User, quiet: Container[int]) -> dict[str, Any]:
    if isinstance(to, str):
        validate_email(to)
        return {"to": to}
    if to.pk in quiet:
        ended = {"state": DeliveryState.EXPIRED, "last_error": NOT_MAILED}
        return {"to": to.email, "recipient": to, **ended}
    try:
        validate_email(to.email)
    except ValidationError:
        ended = {"state": DeliveryState.FAILED, "last_error": NO_ADDRESS}
        return {"to": "", "recipient": to, **ended}
    return {"to": to.email, "recipient": to}
