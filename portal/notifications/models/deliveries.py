from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.core.data import clock
from portal.core.data.audit import record
from portal.notifications.problems import NotEnded

from .channels import Channel
from .choices import ENDED, DeliveryState, Urgency
from .contact_methods import ContactMethod
from .delivery_queries import LONGEST_SUBJECT, DeliveryQuerySet
from .routes import NO_ADDRESS, NOT_MAILED
from .transmission import Transmission

QUEUED = ["state", "urgency", "due_at", "id", "transport", "channel", "contact_method"]
KEPT_ATTEMPTS = 32  # of earlier series, when it is sent again
STOPPED = "Expired: {} stopped it."
TOO_OLD = "Expired: it had waited too long to be of use."


class Delivery(Transmission):
    """A message that is on its way to a target, and what became of it."""

    key = models.CharField(max_length=200, help_text="The event that it tells of, once.")
    to = models.CharField(
        max_length=254,
        blank=True,
        help_text="As people may see it; empty if the person has no address.",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    contact_method = models.ForeignKey(
        ContactMethod,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
        help_text="Of the recipient, beside the address in the profile.",
    )
    transport = models.CharField(max_length=10, default="mail", db_default="mail")
    urgency = models.CharField(
        max_length=10, choices=Urgency, default=Urgency.LOW, db_default=Urgency.LOW
    )
    kind = models.CharField(max_length=40, blank=True, default="", db_default="")
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    last_error = models.CharField(max_length=250, blank=True)
    target_fence = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Of the claims that know targets."
    )
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
                condition=Q(recipient__isnull=False, contact_method__isnull=True),
                name="delivery_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["key", "to"],
                condition=Q(recipient__isnull=True, channel__isnull=True),
                name="delivery_once_per_address",
            ),
            models.UniqueConstraint(
                fields=["key", "channel"],
                condition=Q(channel__isnull=False),
                name="delivery_once_per_channel",
            ),
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(state=DeliveryState.SENDING, channel__isnull=False),
                name="delivery_one_at_a_time_per_channel",
            ),
            models.UniqueConstraint(
                fields=["key", "contact_method"],
                condition=Q(contact_method__isnull=False),
                name="delivery_once_per_method",
            ),
            models.UniqueConstraint(
                fields=["contact_method"],
                condition=Q(state=DeliveryState.SENDING, contact_method__isnull=False),
                name="delivery_one_at_a_time_per_method",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="delivery_known_urgency"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENDING, lease_until__isnull=False)
                | (~Q(state=DeliveryState.SENDING) & Q(lease_until__isnull=True)),
                name="delivery_lease_while_sending",
            ),
            # An engine of 0.1 claims every row, and would mail it to a text that is no address: it
            # does not write this column, and the database refuses its claim.
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENDING)
                | Q(channel__isnull=True, contact_method__isnull=True)
                | Q(target_fence=F("fence")),
                name="delivery_claimed_by_who_knows_targets",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False),
                name="delivery_sent_has_a_time",
            ),
        ]
        indexes = [
            # what was abandoned, what is stale, what failed: abandoned(), stale(), given_up()
            models.Index(fields=["state", "due_at"], name="delivery_due"),
            # what an engine claims next, in its order: queues(), which passes over transports and
            # targets without a look at the rows
            models.Index(fields=QUEUED, name="delivery_queue"),
            # what is to be forgotten: outlived()
            models.Index(
                fields=["state", "due_at"], condition=~Q(text=""), name="delivery_with_text"
            ),
            # what became of one event: of_event(), counted by state
            models.Index(fields=["key", "state"], name="delivery_of_event"),
            # the lists, the newest first: all, and those of one person
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["recipient", "-created_at", "-id"], name="delivery_of_person"),
            models.Index(
                fields=["channel", "-created_at", "-id"],
                condition=Q(channel__isnull=False),
                name="delivery_of_channel",
            ),
        ]

    def __str__(self):
        return f"{self.subject} ({self.to or self.recipient})"

    def get_absolute_url(self):
        return reverse("notifications:delivery", args=[self.pk])

    @property
    def next_attempt_at(self) -> datetime | None:
        """When it is tried next; None if it has ended or is being sent."""
        if self.state != DeliveryState.WAITING:
            return None
        rests_until = self.target.rests_until if self.target else None
        return max(self.due_at, rests_until or self.due_at)

    @property
    def is_here_only(self) -> bool:
        """Never mailed: the person chose to read messages of this kind on their page."""
        return self.state == DeliveryState.EXPIRED and self.last_error == NOT_MAILED

    def expire(self, *, by: User | None, at: datetime) -> bool:
        """Do not send it any more; False if an engine has it in hand, or it has ended."""
        free = Delivery.objects.free(at).filter(pk=self.pk)
        why = STOPPED.format(by) if by else TOO_OLD
        expired = free.take_away(state=DeliveryState.EXPIRED, last_error=why)
        if expired:
            record(self, "expire", by=by, state=(self.state, DeliveryState.EXPIRED))
        return bool(expired)

    def may_send_again(self, user) -> bool:
        """Operators what has ended; others what failed on its way to themselves."""
        if self.state not in ENDED or self.is_here_only or not self.text:
            return False
        is_own = self.recipient_id == user.pk and self.state == DeliveryState.FAILED
        return is_own or user.has_perm("notifications.send_delivery")

    @transaction.atomic
    def send_again(self, *, by: User, at: datetime | None = None) -> None:
        """Queue once more what has ended, and to whom an address was missing."""
        if self.is_here_only:
            raise NotEnded("The person reads messages of this kind on their page only.")
        if not self.text:
            raise NotEnded("Its text was removed, as it was old.")
        if self.target is None and not self.to and self.recipient is not None:
            self.to = self.recipient.email
        if not self.to:
            raise NotEnded(NO_ADDRESS)
        anew = {"state": DeliveryState.WAITING, "attempts": 0, "last_error": "", "sent_at": None}
        ended = Delivery.objects.ended().filter(pk=self.pk)
        if not ended.take_away(to=self.to, due_at=at or clock.now(), **anew):
            raise NotEnded("It is still on its way.")
        if self.target is not None:
            self.target.end_rest()
        old = self.attempt_set.order_by("-pk").values("pk")[KEPT_ATTEMPTS:]
        self.attempt_set.filter(pk__in=[row["pk"] for row in old]).delete()
        record(self, "send_again", by=by, state=(self.state, DeliveryState.WAITING))
