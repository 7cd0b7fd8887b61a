"""Links in messages by which one person acknowledges one incident without signing in.

A message is stored with the plain address of the incident's page, which is what channels get too.
As it is sent to a person, a link stands there instead: signed, for this person and this incident,
until `VALID` after the message was written or the person's password changes. So it stands in no
table, and no page shows it. It opens a page with a button: programs that fetch what is in mail
change nothing.

The line is the last one before the foot of a message: what people wrote, such as the description of
an incident, stands before it, and no line of theirs becomes a link.

It asks for no models of this app, as these import what tells people.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from portal.accounts.models import User
from portal.core.web.address import absolute

SALT = "incidents.escalation.links"
WORK = "incidents.change_incident"
VALID = timedelta(days=7)
LONGEST_KEY = 200
LEADS_TO_PAGE = "Acknowledge: "
LEAD = re.compile(rf"{re.escape(LEADS_TO_PAGE)}\S+/incidents/([0-9]{{1,18}})/")
FOOT = "\n\n-- \n"  # as notices.tell adds it


class Signed(NamedTuple):
    """What a key says: whose click it is, on which incident, when it was made, and the mark."""

    incident: int
    person: int
    made_at: datetime
    mark: str

    @property
    def until(self) -> datetime:
        return self.made_at + VALID

    def is_of(self, person: User) -> bool:
        """Whether the person has the password with which it was made."""
        return constant_time_compare(self.mark, _mark(person))


def line_for(incident) -> str:
    """The line of a message that `made_personal` makes a link of."""
    return f"{LEADS_TO_PAGE}{absolute(incident.get_absolute_url())}"


def made_personal(text: str, recipient: User, created_at: datetime) -> str:
    """With the link of this person; who may not work on incidents keeps the plain address."""
    said, foot, rest = text.rpartition(FOOT)
    before, newline, last = said.rpartition("\n")
    found = LEAD.fullmatch(last)
    if not found or not recipient.has_perm(WORK):
        return text
    address = address_of(int(found[1]), recipient, created_at)
    return f"{before}{newline}{LEADS_TO_PAGE}{address}{foot}{rest}"


def _mark(person: User) -> str:
    """Changes with the password."""
    return person.get_session_auth_hash()[:32]


def address_of(incident: int, person: User, made_at: datetime) -> str:
    said = [incident, person.pk, int(made_at.timestamp() * 1000), _mark(person)]
    key = signing.Signer(salt=SALT).sign_object(said)
    return absolute(reverse("incidents:acknowledge-by-link", args=[key]))


def read(key: str) -> Signed | None:
    """What a key says; None if nobody signed it."""
    if len(key) > LONGEST_KEY:
        return None
    try:
        incident, person, made, mark = signing.Signer(salt=SALT).unsign_object(key)
    except (signing.BadSignature, ValueError):
        return None
    return Signed(incident, person, datetime.fromtimestamp(made / 1000, UTC), mark)
