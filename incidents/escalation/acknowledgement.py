"""Acknowledging an incident by the link in a message."""

from dataclasses import dataclass
from datetime import datetime

from incidents.models import EntryKind, Incident
from incidents.problems import WrongState
from portal.accounts.models import User

from .links import VALID, WORK, read

HOW = "by the link in a message"


class Unusable(Exception):
    """The link acknowledges nothing: the status, a title, and what to do instead."""

    def __init__(self, status: int, title: str, detail: str, incident: Incident | None = None):
        super().__init__(detail)
        self.status, self.title, self.detail, self.incident = status, title, detail, incident


NOT_VALID = (
    404,
    "Not a valid link",
    "The address is not complete, or was changed. Copy all of it from the message, or sign in.",
)
WITHDRAWN = (
    403,
    "Not permitted",
    "Your account may not work on this incident. Ask an operator of the portal for the role.",
)
LATE = f"Links in messages are valid for {VALID.days} days. Sign in and open the incident."
OTHER_PASSWORD = (
    410,
    "The link is no longer valid",
    "Your password has changed since the message was sent. Sign in and open the incident.",
)
OVER = "Nobody is called for it any more. There is nothing to do."


@dataclass(frozen=True)
class Link:
    """Whose click it would be, on which incident, and who has that already."""

    incident: Incident
    person: User
    until: datetime
    is_done: bool = False

    @property
    def is_taken(self) -> bool:
        """Somebody has it, and nobody is called any more."""
        calls = self.incident.escalations
        is_calling = calls.running().exists() or calls.unanswered().exists()
        return self.incident.acknowledged_at is not None and not is_calling

    @property
    def taken(self):
        """The entry of who has it: the newest acknowledgement."""
        rows = self.incident.entries.of_kinds(EntryKind.ACKNOWLEDGED)
        return rows.select_related("by").newest_first().first()

    @property
    def is_own(self) -> bool:
        return bool(self.taken and self.taken.by_id == self.person.pk)


def opened(key: str, at: datetime) -> Link:
    """What may be acknowledged by it now, or who was faster. Raises Unusable.

    Once it has ended, by time or by another password, it says nothing of the incident.
    """
    signed = read(key)
    if signed is None:
        raise Unusable(*NOT_VALID)
    person = User.objects.signed_in(signed.person)
    if person is None or not person.has_perm(WORK):
        raise Unusable(*WITHDRAWN)
    if at >= signed.until:
        raise Unusable(410, "The link has expired", LATE)
    if not signed.is_of(person):
        raise Unusable(*OTHER_PASSWORD)
    incident = Incident.objects.visible(person).filter(pk=signed.incident).first()
    if incident is None:
        raise Unusable(*WITHDRAWN)
    if incident.is_over:
        raise Unusable(410, f"{incident.name} is over", OVER, incident)
    return Link(incident, person, signed.until)


def acknowledge(key: str, at: datetime) -> Link:
    """Acknowledge as the link says; of two clicks at once one finds who was faster."""
    link = opened(key, at)
    try:
        is_done = link.incident.acknowledge(by=link.person, at=at, how=HOW)
    except WrongState:  # it ended meanwhile
        raise Unusable(410, f"{link.incident.name} is over", OVER, link.incident) from None
    return Link(link.incident, link.person, link.until, is_done)
