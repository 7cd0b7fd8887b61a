from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.data.claims import Claimable, pause_after
from portal.notifications.problems import NotEnded
from portal.notifications.transports import mail

from .choices import DeliveryState
from .delivery_queries import LONGEST_SUBJECT, NO_ADDRESS, NOT_MAILED, DeliveryQuerySet

MOST_ATTEMPTS = 16  # about nine hours with the pauses of `pause_after`
LEASE = timedelta(minutes=1)  # longer than mail.DEADLINE: a living engine is never overtaken
NO_ACCOUNT = "The account is switched off."
TOO_OLD = "Expired: it had waited too long to be of use."


class Delivery(Claimable):
    """A message that is on its way to somebody, and what became of it."""

    LEASE = LEASE
    WAITS: ClassVar[dict[str, Any]] = {"state": DeliveryState.WAITING}
    HELD: ClassVar[dict[str, Any]] = {"state": DeliveryState.SENDING}

    key = models.CharField(max_length=200, help_text="The event that it tells of, once.")
    to = models.EmailField(blank=True, help_text="Empty if the person has no address.")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    last_error = models.CharField(max_length=250, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("send_delivery", "Can send a delivery again")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "recipient"],
                condition=Q(recipient__isnull=False),
                name="delivery_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["key", "to"],
                condition=Q(recipient__isnull=True),
                name="delivery_once_per_address",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENDING, lease_until__isnull=False)
                | (~Q(state=DeliveryState.SENDING) & Q(lease_until__isnull=True)),
                name="delivery_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False),
                name="delivery_sent_has_a_time",
            ),
        ]
        indexes = [
            # what an engine claims next: waiting(), abandoned()
            models.Index(fields=["state", "due_at"], name="delivery_due"),
            # what is to be forgotten: outlived()
            models.Index(
                fields=["state", "due_at"], condition=~Q(text=""), name="delivery_with_text"
            ),
            # the lists, the newest first: all, and those of one person
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["recipient", "-created_at", "-id"], name="delivery_of_person"),
        ]

    def __str__(self):
        return f"{self.subject} ({self.to or self.recipient})"

    @property
    def is_here_only(self) -> bool:
        """Never mailed: the person chose to read messages of this kind on their page."""
        return self.state == DeliveryState.EXPIRED and self.last_error == NOT_MAILED

    @property
    def message_id(self) -> str:
        return mail.message_id(self.key, self.to)

    def send(self, at: datetime) -> None:
        """Hand the claimed message to the mail server, then record how it went.

        Raises Overtaken, and changes nothing, if another engine has claimed it meanwhile.
        """
        self.require_lease(at)
        if self.recipient is not None and not self.recipient.is_active:
            return self.conclude(state=DeliveryState.FAILED, last_error=NO_ACCOUNT)
        try:
            mail.hand_over(key=self.key, to=self.to, subject=self.subject, text=self.text)
        except mail.Unsent as failure:
            return self._failed(str(failure), at)
        return self.conclude(state=DeliveryState.SENT, sent_at=at, last_error="")

    def _failed(self, why: str, at: datetime) -> None:
        if self.attempts >= MOST_ATTEMPTS:
            self.conclude(state=DeliveryState.FAILED, last_error=why)
        else:
            due_at = at + pause_after(self.attempts)
            self.conclude(state=DeliveryState.WAITING, last_error=why, due_at=due_at)

    def expire(self, *, by: User | None, at: datetime) -> bool:
        """Do not send it any more; False if an engine has it in hand, or it has ended."""
        free = Delivery.objects.free(at).filter(pk=self.pk)
        expired = free.take_away(state=DeliveryState.EXPIRED, last_error=TOO_OLD)
        if expired:
            record(self, "expire", by=by, state=(self.state, DeliveryState.EXPIRED))
        return bool(expired)

    def send_again(self, *, by: User, at: datetime | None = None) -> None:
        """Queue once more what has ended, and to whom an address was missing."""
        if self.is_here_only:
            raise NotEnded("The person reads messages of this kind on their page only.")
        if not self.text:
            raise NotEnded("Its text was removed, as it was old.")
        if not self.to and self.recipient is not None:
            self.to = self.recipient.email
        if not self.to:
            raise NotEnded(NO_ADDRESS)
        anew = {"state": DeliveryState.WAITING, "attempts": 0, "last_error": "", "sent_at": None}
        ended = Delivery.objects.ended().filter(pk=self.pk)
        if not ended.take_away(to=self.to, due_at=at or clock.now(), **anew):
            raise NotEnded("It is still on its way.")
        record(self, "send_again", by=by, state=(self.state, DeliveryState.WAITING))
