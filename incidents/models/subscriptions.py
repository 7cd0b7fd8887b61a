"""Who outside is mailed what the status page says."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models import Q

CONFIRM, LEAVE = "incidents.status.confirm", "incidents.status.leave"
CONFIRMED_WITHIN = timedelta(days=2)
ASKED_AGAIN_AFTER = timedelta(hours=1)


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def lapsed(self, at: datetime):
        """Nobody confirmed them in time."""
        return self.filter(confirmed_at=None, asked_at__lte=at - CONFIRMED_WITHIN)

    def ask(self, email: str, *, at: datetime) -> "StatusSubscription | None":
        """Whom to send a link to confirm; None: they have one, or have subscribed."""
        email = email.strip().lower()
        try:
            with transaction.atomic():
                new: Any = self.create(email=email, asked_at=at)
                return new
        except IntegrityError:
            again = Q(confirmed_at=None, asked_at__lte=at - ASKED_AGAIN_AFTER)
            if not self.filter(again, email=email).update(asked_at=at):
                return None
            known: Any = self.get(email=email)
            return known

    def of(self, token: str, purpose: str) -> "StatusSubscription | None":
        """The one that a link of a mail is about; None: it is gone, or the link is not ours."""
        found: Any = self.filter(pk=key_of(token, purpose)).first()
        return found


class StatusSubscription(models.Model):
    """One address that is mailed what customers are told, once its owner confirmed it."""

    email = models.EmailField(unique=True)
    asked_at = models.DateTimeField(help_text="When the link to confirm was sent.")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        indexes = [
            # lapsed()
            models.Index(
                fields=["asked_at"], condition=Q(confirmed_at=None), name="subscription_lapsed"
            ),
        ]

    def __str__(self):
        return self.email

    def token(self, purpose: str) -> str:
        """Names it in the address of a link, and cannot be made up."""
        return signing.Signer(salt=purpose).sign(str(self.pk))

    def confirm(self, *, at: datetime) -> bool:
        """False: it was confirmed, or too late."""
        in_time = Q(confirmed_at=None, asked_at__gt=at - CONFIRMED_WITHIN)
        rows = StatusSubscription.objects.filter(in_time, pk=self.pk)
        return bool(rows.update(confirmed_at=at))


def key_of(token: str, purpose: str) -> int | None:
    """Of which one a link of ours is, also of one that is gone; None: it is not ours, or cut."""
    try:
        return int(signing.Signer(salt=purpose).unsign(token))
    except signing.BadSignature:
        return None
