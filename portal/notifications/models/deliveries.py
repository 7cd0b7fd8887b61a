import logging
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.core.data import clock, crash_points
from portal.core.data.audit import record
from portal.core.data.claims import Claimable, pause_after
from portal.notifications.problems import NotEnded
from portal.notifications.transports import TRANSPORTS, Message, Refused, Transport, Unsent

from .attempts import Attempt
from .channels import Channel
from .choices import ENDED, DeliveryState, Urgency
from .contact_methods import ContactMethod
from .delivery_queries import LONGEST_SUBJECT, OUTWAITED, DeliveryQuerySet
from .routes import NO_ADDRESS, NOT_MAILED
from .targets import TARGETS, Target

LONGEST_SAID = 250
MOST_ATTEMPTS = 16  # about nine hours with the pauses of `pause_after`
KEPT_ATTEMPTS = 32  # of earlier series, when it is sent again
LEASE = timedelta(minutes=1)  # longer than any DEADLINE: a living engine is never overtaken
NO_ACCOUNT = "The account is switched off."
NO_MEANS = "This portal cannot send by that any more."
TOO_OLD = "Expired: it had waited too long to be of use."

log = logging.getLogger(__name__)


class Delivery(Claimable):
    """A message that is on its way to a target, and what became of it."""

    LEASE = LEASE
    WAITS: ClassVar[dict[str, Any]] = {"state": DeliveryState.WAITING}
    HELD: ClassVar[dict[str, Any]] = {"state": DeliveryState.SENDING}

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
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False),
                name="delivery_sent_has_a_time",
            ),
        ]
        indexes = [
            # what was abandoned, what is stale, what failed: abandoned(), stale(), given_up()
            models.Index(fields=["state", "due_at"], name="delivery_due"),
            # what an engine claims next: _queues(), which passes over transports and channels
            models.Index(
                fields=["state", "urgency", "due_at", "transport", "channel"],
                name="delivery_queue",
            ),
            # what is to be forgotten: outlived()
            models.Index(
                fields=["state", "due_at"], condition=~Q(text=""), name="delivery_with_text"
            ),
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
    def is_here_only(self) -> bool:
        """Never mailed: the person chose to read messages of this kind on their page."""
        return self.state == DeliveryState.EXPIRED and self.last_error == NOT_MAILED

    @property
    def target(self) -> Target | None:
        """What it is sent to, other than the address of a person or of nobody."""
        return getattr(self, self._named) if self._named else None

    @property
    def _named(self) -> str:
        """The foreign key of its target; empty if it has none."""
        return next((name for name in TARGETS if getattr(self, f"{name}_id") is not None), "")

    @property
    def means(self) -> Transport | None:
        """How it goes; None if this portal does not know how, as after a downgrade."""
        return TRANSPORTS.get(self.transport)

    @property
    def message_id(self) -> str:
        """How the receiver recognises a duplicate."""
        whom = f"{self._named}-{getattr(self, f'{self._named}_id')}" if self._named else self.to
        return self.means.message_id(self.key, whom) if self.means else ""

    def message(self, at: datetime) -> Message:
        """What is handed over at this time."""
        about: dict[str, Any] = {"to": self.to, "text": self.text}
        if self.target is not None:
            about |= {"text": self.target.worded(self.kind, self.text)} | self.target.reached_by(at)
        return Message(
            id=self.message_id,
            key=self.key,
            kind=self.kind,
            subject=self.subject,
            urgency=self.urgency,
            created_at=self.created_at,
            **about,
        )

    def send(self, at: datetime) -> None:
        """Hand the claimed message over, then record how it went.

        Raises Overtaken, and changes nothing, if another engine has claimed it meanwhile.
        """
        self.require_lease(at)
        if why := self._unusable(at):
            return self.conclude(state=DeliveryState.FAILED, last_error=why)
        if self.target and (until := self.target.waits_until(self.kind, self.urgency, at)):
            untried = {"due_at": until, "attempts": self.attempts - 1}
            return self.conclude(state=DeliveryState.WAITING, **untried)
        began, attempt = monotonic(), Attempt(delivery=self, number=self.attempts, began_at=at)
        answer, failure = self._handed_over(at)
        crash_points.reach("sent")
        attempt.seconds = round(monotonic() - began, 3)
        attempt.answer = answer[:LONGEST_SAID]
        if failure is None:
            return self._sent(attempt, at)
        attempt.error = str(failure)[:LONGEST_SAID]
        return self._failed(attempt, failure, at)

    def _handed_over(self, at: datetime) -> tuple[str, Unsent | None]:
        """What the other side answered, and why it did not take it if so."""
        try:
            return self.means.hand_over(self.message(at)), None
        except Unsent as failure:
            return failure.answer, failure
        except Exception as error:
            kind = type(error).__name__  # its text may have secrets in it
            log.error("%s: %s in the transport %s", self, kind, self.transport)
            return "", Unsent(f"The message could not be sent ({kind}).")

    def _unusable(self, at: datetime) -> str:
        if self.recipient is not None and not self.recipient.is_active:
            return NO_ACCOUNT
        if self.means is None:
            return NO_MEANS
        return self.target.unusable_for(self.kind, at) if self.target else ""

    @transaction.atomic
    def _sent(self, attempt: Attempt, at: datetime) -> None:
        self.conclude(state=DeliveryState.SENT, sent_at=at, last_error="")
        attempt.save()
        crash_points.reach("recorded")
        if self.target and self.target.note_success() and self.target.failures > 1:
            self._others_of_target().filter(attempts__gt=0, due_at__gt=at).update(due_at=at)

    @transaction.atomic
    def _failed(self, attempt: Attempt, failure: Unsent, at: datetime) -> None:
        if isinstance(failure, Refused) or self.attempts >= MOST_ATTEMPTS:
            self.conclude(state=DeliveryState.FAILED, last_error=attempt.error)
        else:
            due_at = at + pause_after(self.attempts)
            self.conclude(state=DeliveryState.WAITING, last_error=attempt.error, due_at=due_at)
        attempt.save()
        if self.target and not isinstance(failure, Refused):
            self._failed_for_others(self.target, attempt.error, at)

    def _failed_for_others(self, target: Target, why: str, at: datetime) -> None:
        """Let them wait; what has waited as long as any message is tried has failed with this."""
        since = target.failing_since
        target.note_failure(at)
        if since and since <= at - OUTWAITED:
            rows = Delivery.objects.outwaited(target, at)
            rows.take_away(state=DeliveryState.FAILED, last_error=why, due_at=at)

    def _others_of_target(self) -> models.QuerySet:
        """What waits for the same target."""
        same = {name: getattr(self, f"{name}_id") for name in TARGETS}
        return Delivery.objects.filter(**same, **self.WAITS)

    def expire(self, *, by: User | None, at: datetime) -> bool:
        """Do not send it any more; False if an engine has it in hand, or it has ended."""
        free = Delivery.objects.free(at).filter(pk=self.pk)
        expired = free.take_away(state=DeliveryState.EXPIRED, last_error=TOO_OLD)
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
