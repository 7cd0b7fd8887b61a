from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.accounts.models import User
from portal.core.data.audit import record
from portal.notifications.problems import NotEnded, Overtaken
from portal.notifications.transports import mail

MOST_ATTEMPTS = 16  # about nine hours with these pauses
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
LEASE = timedelta(minutes=1)  # longer than mail.DEADLINE: a living engine is never overtaken
CANDIDATES = 16  # read at once: of several engines that want the same one, the others go on
LONGEST_SUBJECT = 200
NO_ADDRESS = "There is no e-mail address in the profile."
NO_ACCOUNT = "The account is switched off."
TOO_OLD = "Expired: it had waited too long to be of use."
FAILED_LONGER = 4  # times as long as what was sent: somebody has to see it


def pause_after(attempts: int) -> timedelta:
    """30 s after the first attempt, then twice as long each time, at most an hour."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"
    EXPIRED = "expired", "Expired"


ENDED = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.EXPIRED)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, user):
        """What was written to this person."""
        return self.filter(recipient=user)

    def visible(self, user):
        """All for whoever may see all, their own for everybody else."""
        return self if user.has_perm("notifications.view_delivery") else self.of(user)

    def ended(self):
        """Sent, given up or expired."""
        return self.filter(state__in=ENDED)

    def waiting(self, at: datetime):
        return self.filter(state=DeliveryState.WAITING, due_at__lte=at)

    def abandoned(self, at: datetime):
        """Claimed by an engine whose lease has run out: it was killed or stands still."""
        return self.filter(state=DeliveryState.SENDING, lease_until__lte=at)

    def due(self, at: datetime):
        """What an engine may claim."""
        return self.waiting(at) | self.abandoned(at)

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
    ) -> models.QuerySet:
        """Queue a message in the caller's transaction; returns what is queued under this key.

        The same key for the same person, or address of nobody here, is queued once, ever. `to`
        names people or addresses; people without an address get a row that says so. `at`: when to
        send it, now if not given. Raises ValidationError for what is no address.
        """
        now = timezone.now()
        about = {
            "key": key,
            "subject": mail.one_line(subject)[:LONGEST_SUBJECT],
            "text": text.replace("\x00", ""),
            "created_at": now,
            "due_at": at or now,
        }
        rows = [self.model(**about, **_addressed(each)) for each in to]
        self.bulk_create(rows, ignore_conflicts=True)
        return self.filter(key=key)

    def claim(self, at: datetime) -> "Delivery | None":
        """The next one that is due, taken for LEASE; None if there is none. Any number may ask."""
        while found := self._candidates(at):
            for pk, fence in found:
                if delivery := self._take(pk, fence, at):
                    return delivery
        return None

    def _candidates(self, at: datetime) -> list[tuple[int, int]]:
        rows = list(self.abandoned(at).values_list("pk", "fence")[:CANDIDATES])
        first = self.waiting(at).order_by("due_at", "pk")
        return rows or list(first.values_list("pk", "fence")[:CANDIDATES])

    def _take(self, pk: int, fence: int, at: datetime) -> "Delivery | None":
        mine = {"fence": fence + 1, "state": DeliveryState.SENDING}
        taken = (
            self.due(at)
            .filter(pk=pk, fence=fence)
            .update(**mine, lease_until=at + LEASE, attempts=F("attempts") + 1)
        )
        return self.select_related("recipient").filter(pk=pk, **mine).first() if taken else None


def _addressed(to: str | User) -> dict[str, Any]:
    if isinstance(to, str):
        validate_email(to)
        return {"to": to}
    try:
        validate_email(to.email)
    except ValidationError:
        ended = {"state": DeliveryState.FAILED, "last_error": NO_ADDRESS}
        return {"to": "", "recipient": to, **ended}
    return {"to": to.email, "recipient": to}


class Delivery(models.Model):
    """A message that is on its way to somebody, and what became of it."""

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
    due_at = models.DateTimeField(default=timezone.now, help_text="The next attempt.")
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=250, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each claim.")

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
    def message_id(self) -> str:
        return mail.message_id(self.key, self.to)

    def send(self, at: datetime) -> None:
        """Hand the claimed message to the mail server, then record how it went.

        Raises Overtaken, and changes nothing, if another engine has claimed it meanwhile.
        """
        if self.lease_until is None or at >= self.lease_until:
            raise Overtaken("The lease ran out before it was sent.")
        if self.recipient is not None and not self.recipient.is_active:
            return self._record(state=DeliveryState.FAILED, last_error=NO_ACCOUNT)
        try:
            mail.hand_over(key=self.key, to=self.to, subject=self.subject, text=self.text)
        except mail.Unsent as failure:
            return self._failed(str(failure), at)
        return self._record(state=DeliveryState.SENT, sent_at=at, last_error="")

    def _failed(self, why: str, at: datetime) -> None:
        if self.attempts >= MOST_ATTEMPTS:
            self._record(state=DeliveryState.FAILED, last_error=why)
        else:
            due_at = at + pause_after(self.attempts)
            self._record(state=DeliveryState.WAITING, last_error=why, due_at=due_at)

    def _record(self, **outcome: Any) -> None:
        """The end of an attempt, written by whoever holds the newest claim and by nobody else."""
        outcome["lease_until"] = None
        held = Delivery.objects.filter(
            pk=self.pk, fence=self.fence, state=DeliveryState.SENDING
        ).update(**outcome)
        if not held:
            raise Overtaken("Another engine has taken it over: its record counts.")
        for name, value in outcome.items():
            setattr(self, name, value)

    def expire(self, *, by: User | None, at: datetime) -> bool:
        """Do not send it any more; False if an engine has it in hand, or it has ended."""
        on_its_way = Delivery.objects.filter(pk=self.pk)
        expired = (
            on_its_way.filter(state=DeliveryState.WAITING) | on_its_way.abandoned(at)
        ).update(
            state=DeliveryState.EXPIRED,
            lease_until=None,
            last_error=TOO_OLD,
            fence=F("fence") + 1,
        )
        if expired:
            record(self, "expire", by=by, state=(self.state, DeliveryState.EXPIRED))
        return bool(expired)

    def send_again(self, *, by: User, at: datetime | None = None) -> None:
        """Queue once more what has ended, and to whom an address was missing."""
        if not self.text:
            raise NotEnded("Its text was removed, as it was old.")
        if not self.to and self.recipient is not None:
            self.to = self.recipient.email
        if not self.to:
            raise NotEnded(NO_ADDRESS)
        changed = (
            Delivery.objects.ended()
            .filter(pk=self.pk)
            .update(
                to=self.to,
                state=DeliveryState.WAITING,
                due_at=at or timezone.now(),
                attempts=0,
                last_error="",
                sent_at=None,
                fence=F("fence") + 1,
            )
        )
        if not changed:
            raise NotEnded("It is still on its way.")
        record(self, "send_again", by=by, state=(self.state, DeliveryState.WAITING))
