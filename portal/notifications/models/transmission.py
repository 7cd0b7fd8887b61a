"""Handing a message over, and recording how it went."""

import logging
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F

from portal.core.data import crash_points
from portal.core.data.claims import Claimable, pause_after
from portal.core.data.queries import insert_row
from portal.notifications.transports import TRANSPORTS, Message, Refused, Transport, Unsent

from .attempts import Attempt
from .choices import DeliveryState, Urgency
from .delivery_queries import OUTWAITED
from .personal_texts import leaving, personal
from .targets import TARGETS, Target

LONGEST_SAID = 250
MOST_ATTEMPTS = 16  # about nine hours with the pauses of `pause_after`
LEASE = timedelta(minutes=1)  # longer than any DEADLINE: a living engine is never overtaken
NO_ACCOUNT = "The account is switched off."
NO_MEANS = "This portal cannot send by that any more."

log = logging.getLogger("portal.notifications")


class Transmission(Claimable):
    """What an engine does with a message that it has claimed.

    The columns of the message, and its targets, are those of who derives from it.
    """

    key: Any
    to: Any
    recipient: Any
    transport: Any
    urgency: Any
    kind: Any
    subject: Any
    text: Any
    created_at: Any
    objects: Any

    LEASE = LEASE
    WAITS: ClassVar[dict[str, Any]] = {"state": DeliveryState.WAITING}
    HELD: ClassVar[dict[str, Any]] = {"state": DeliveryState.SENDING}
    CLAIMS: ClassVar[dict[str, Any]] = {"target_fence": F("fence") + 1}
    QUEUES: ClassVar[int] = len(Urgency)
    WITH: ClassVar[tuple[str, ...]] = ("recipient", *TARGETS)

    class Meta:
        abstract = True

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
        text = personal(self.text, self.recipient, self.created_at)
        about: dict[str, Any] = {"to": self.to, "text": text}
        if self.target is not None:
            about |= {"text": self.target.worded(self.kind, text)} | self.target.reached_by(at)
        elif self.recipient is None:
            about["leave"] = leaving(self.kind, text)
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
        this: Any = self
        began, attempt = monotonic(), Attempt(delivery=this, number=self.attempts, began_at=at)
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
        insert_row(attempt)
        crash_points.reach("recorded")
        target = self.target  # nobody else has sent to it since it was read
        if target and target.failures and target.note_success() and target.failures > 1:
            self._others_of_target().filter(attempts__gt=0, due_at__gt=at).update(due_at=at)

    @transaction.atomic
    def _failed(self, attempt: Attempt, failure: Unsent, at: datetime) -> None:
        if isinstance(failure, Refused) or self.attempts >= MOST_ATTEMPTS:
            self.conclude(state=DeliveryState.FAILED, last_error=attempt.error)
        else:
            due_at = at + pause_after(self.attempts)
            self.conclude(state=DeliveryState.WAITING, last_error=attempt.error, due_at=due_at)
        insert_row(attempt)
        if self.target and not isinstance(failure, Refused):
            self._failed_for_others(self.target, attempt.error, at)

    def _failed_for_others(self, target: Target, why: str, at: datetime) -> None:
        """Let them wait; what has waited as long as any message is tried has failed with this."""
        since = target.failing_since
        target.note_failure(at)
        if since and since <= at - OUTWAITED:
            rows = type(self).objects.outwaited(target, at)
            rows.take_away(state=DeliveryState.FAILED, last_error=why, due_at=at)

    def _others_of_target(self) -> models.QuerySet:
        """What waits for the same target."""
        same = {name: getattr(self, f"{name}_id") for name in TARGETS}
        return type(self).objects.filter(**same, **self.WAITS)
