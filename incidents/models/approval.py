"""From a draft to what was sent: the verbs, each safe against a second click."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from incidents import notices
from incidents.problems import WrongState
from portal.core.data import clock, crash_points
from portal.core.data.audit import record
from portal.core.problems import Conflict, Forbidden, Refused, Stale
from portal.notifications.models import Delivery, DeliveryState

from .choices import ClockKind, EntryKind, Role
from .clocks import Clock
from .communication_choices import EDITABLE, AudienceName, CommunicationState
from .recipients import recipients_of
from .subscriptions import LEAVE, StatusSubscription

WORK = "incidents.change_incident"
ALONE = "sent without a second person"
AGAIN_AT_ONCE = 200


class MissingValues(Conflict):
    """Variables of the text have no value yet."""

    code, title = "missing-values", "Values are missing"


class NotApproved(Conflict):
    """The severity wants somebody's approval before this is sent."""

    code, title = "not-approved", "Not approved"


class Approval(models.Model):
    """Each verb takes the lock of the incident, so that two people act one after the other."""

    pk: Any
    incident: Any
    incident_id: Any
    author: Any
    author_id: Any
    approver_id: Any
    audience: Any
    moment: Any
    state: Any
    key: Any
    etag: Any
    revision: Any
    text: Any
    needs_approval: Any
    is_public: Any
    subject: Any
    missing: Any
    final: Any
    require_allowed: Any
    require_audience: Any
    get_state_display: Any

    class Meta:
        abstract = True

    @transaction.atomic
    def submit(self, *, by, at: datetime | None = None) -> bool:
        """Ask the commander to approve it. False: it waits already. Raises MissingValues."""
        at = at or clock.now()
        self.take_turn()
        if self.state == CommunicationState.WAITING:
            return False
        self.require_editable()
        if not self.needs_approval:
            raise WrongState("Nobody has to approve this: send it.")
        self.require_allowed()
        self._require_values(at)
        self._move(CommunicationState.WAITING, by, submitted_at=at, reason="")
        notices.approval_wanted(self, to=self.approvers(), by=by)
        return True

    @transaction.atomic
    def send_back(self, *, by, reason: str, at: datetime | None = None) -> bool:
        """Do not send it as it is: say why. False: it was sent back already."""
        at = at or clock.now()
        if not reason.strip():
            raise Refused("Say what has to change.", pointer="/reason")
        self.take_turn()
        if self.state == CommunicationState.RETURNED:
            return False
        self._require_waiting()
        self._require_approver(by)
        self._move(CommunicationState.RETURNED, by, decided_at=at, reason=reason.strip()[:1000])
        notices.sent_back(self, by=by)
        return True

    @transaction.atomic
    def approve(self, *, by, at: datetime | None = None, based_on: int | None = None) -> bool:
        """Send it. False: it was sent already. Raises Stale, and Forbidden for its author."""
        at = at or clock.now()
        self.take_turn()
        if self.state == CommunicationState.SENT:
            return False
        self._require_waiting()
        self._require_approver(by)
        if based_on not in (None, self.revision):
            raise Stale.of(self, base=None, theirs=self, yours=None)
        self._send(at, by=by, approver=by, decided_at=at)
        return True

    @transaction.atomic
    def send(self, *, by, at: datetime | None = None) -> bool:
        """Send what nobody else has to approve. False: it was sent already.

        Raises NotApproved, MissingValues, Refused or WrongState.
        """
        at = at or clock.now()
        self.take_turn()
        if self.state == CommunicationState.SENT:
            return False
        if self.state == CommunicationState.WITHDRAWN:
            raise WrongState("It was withdrawn: write a new one.")
        if self.needs_approval and not self._is_commander(by):
            raise NotApproved("The severity wants it approved: ask the commander.")
        approved = {"approver": by, "decided_at": at} if self.needs_approval else {}
        self._send(at, by=by, **approved)
        return True

    @transaction.atomic
    def withdraw(self, *, by) -> bool:
        """Do not send it. False: it was withdrawn already."""
        self.take_turn()
        if self.state == CommunicationState.WITHDRAWN:
            return False
        if self.state == CommunicationState.SENT:
            raise WrongState("It was sent: send a correction as an update.")
        self._move(CommunicationState.WITHDRAWN, by)
        return True

    @transaction.atomic
    def send_again(self, *, by, at: datetime | None = None) -> int:
        """Send once more what did not arrive; how many. Raises Refused for a wrong audience."""
        self.take_turn()
        self.require_audience()
        rows = Delivery.objects.of_event(self.key).filter(state=DeliveryState.FAILED)
        rows = rows.exclude(to="")
        again = list(rows.exclude(text="").order_by("pk")[:AGAIN_AT_ONCE])
        for each in again:
            each.send_again(by=by, at=at or clock.now())
        return len(again)

    def may_approve(self, person) -> bool:
        """The commander, also of their own text: at night there may be nobody else, and customers
        have to be told. Then it says so (`is_alone`). While nobody is, anybody who works on it but
        its author.
        """
        commander = self.incident.holder(Role.COMMANDER)
        if commander:
            return bool(commander == person)
        return person.pk != self.author_id and person.has_perm(WORK)

    def may_send(self, person) -> bool:
        """Whether nobody else has to approve what this person sends."""
        return not self.needs_approval or self._is_commander(person)

    @property
    def is_alone(self) -> bool:
        """Whether it needed approval, and its author gave it."""
        return bool(self.approver_id and self.approver_id == self.author_id)

    def approvers(self) -> list:
        """Who is asked."""
        commander = self.incident.holder(Role.COMMANDER)
        others = [each for each in self.incident.involved() if each.pk != self.author_id]
        return [commander] if commander else others

    def _is_commander(self, person) -> bool:
        return bool(self.incident.holder(Role.COMMANDER) == person)

    # What every verb needs

    def take_turn(self) -> None:
        """The lock of the incident, and both rows as they stand."""
        self.incident._take_turn()
        self.refresh_from_db()

    def require_editable(self) -> None:
        if self.state not in EDITABLE:
            state = self.get_state_display().lower()
            raise WrongState(f"It is {state}: it cannot be changed any more.")

    def _require_waiting(self) -> None:
        if self.state != CommunicationState.WAITING:
            raise WrongState(f"It does not wait for approval: {self.get_state_display().lower()}.")

    def _require_approver(self, by) -> None:
        if not self.may_approve(by):
            holder = self.incident.holder(Role.COMMANDER)
            who = f"{holder}, the commander," if holder else "Somebody other than its author"
            raise Forbidden(f"{who} approves it.")

    def _require_values(self, at: datetime) -> None:
        if names := self.missing(at):
            raise MissingValues(f"These have no value: {', '.join(names)}.", missing=names)

    def _send(self, at: datetime, *, by, **decided: Any) -> None:
        self.require_allowed()
        self._require_values(at)
        found = recipients_of(self.incident, self.audience)
        if not found.count and self.audience != AudienceName.CUSTOMERS:
            detail = "Nobody would get it: an operator adds people or channels to the audience."
            raise Refused(detail, pointer="/audience")
        final = self.final(at)
        sent = {"sent_at": at, "recipients": found.noted(), **final, **decided}
        self._move(CommunicationState.SENT, by, **sent)
        self._post(found)
        self._meet_clocks(at)
        self._note(by, at)
        crash_points.reach("dispatched")

    def _post(self, found) -> None:
        subject, text = notices.communication(self)
        about: dict[str, Any] = {"key": self.key, "subject": subject, "kind": notices.UPDATES.name}
        if found.targets:
            Delivery.objects.post(to=found.targets, text=text, **about)
        if found.subscribers:
            Delivery.objects.post_each(_subscribed(text, found.addresses), **about)

    def _meet_clocks(self, at: datetime) -> None:
        """The first notice is met by telling anybody; what comes next is due anew."""
        Clock.objects.meet(self.incident, ClockKind.NOTICE, at=at)
        Clock.objects.meet(self.incident, ClockKind.UPDATE, at=at)
        if self.incident.is_open:
            Clock.objects.start(self.incident, ClockKind.UPDATE, at=at)

    def _note(self, by, at: datetime) -> None:
        about = {"communication": self.pk, "audience": self.audience, "moment": self.moment}
        alone = f" ({ALONE})" if self.is_alone else ""
        said = f"{self}{alone}: {self.subject}\n\n{self.text}"
        self.incident._add(EntryKind.COMMUNICATION, said, by=by, at=at, about=about)
        self.incident._touch(at)

    def _move(self, to: str, by, **changed: Any) -> None:
        before: Any = self.state
        this: Any = self
        this.claim(None, state=to, **changed)
        record(self, to, by=by, state=(before, to))


def _subscribed(text: str, but: list[str]) -> dict[str, str]:
    """By the address of each subscriber, the text with the link to leave."""
    rows = StatusSubscription.objects.confirmed().exclude(email__in=but)
    return {each.email: f"{text}\n\n{notices.farewell(each.token(LEAVE))}\n" for each in rows}
