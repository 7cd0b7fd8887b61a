"""By what a person or channel would be reached at a time, and with which outcome.

The engine asks it before it waits for somebody, and the dry run shows it: both say the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import OuterRef, QuerySet, Subquery

from incidents.notices import CALLS
from portal.accounts.models import User
from portal.core.data.among import PreparedAmong
from portal.notifications.models import (
    Channel,
    ContactKind,
    ContactMethod,
    Delivery,
    DeliveryState,
    Preference,
    Urgency,
)
from portal.notifications.models.contact_methods import FAILING
from portal.notifications.models.routes import chosen
from portal.notifications.transports import configured

MAIL = ContactKind.MAIL
NIGHT_BEGINS, NIGHT_ENDS = 22, 7  # o'clock, in the zone of the person
NO_SERVER = "No mail server is set up: it waits for one."


class Outcome(StrEnum):
    """What would happen to a message."""

    ARRIVES = "arrives"
    SILENT = "silent"  # it arrives, and wakes nobody
    MAY_FAIL = "may_fail"
    HELD = "held"  # until quiet hours end
    CANNOT = "cannot"


@dataclass(frozen=True)
class Way:
    """One address by which somebody would be reached."""

    kind: str
    label: str
    outcome: Outcome
    detail: str = ""
    until: datetime | None = None  # of one that is held

    @property
    def reaches(self) -> bool:
        return self.outcome not in (Outcome.HELD, Outcome.CANNOT)

    @property
    def wakes(self) -> bool:
        return self.outcome == Outcome.ARRIVES

    @property
    def bare(self) -> "Way":
        """Of what kind it is and whether it wakes, without the address."""
        return replace(self, label="", detail="")


def is_night(at: datetime, zone: str) -> bool:
    """In the night of who is called."""
    hour = at.astimezone(ZoneInfo(zone)).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


class Contacts:
    """How these people are reached; three queries, however many they are."""

    def __init__(self, people: Iterable[User]):
        people = list(people)
        keys = [each.pk for each in people]
        self._quiet = Preference.objects.unwanted({key: [CALLS] for key in keys})
        self._failed = {key for (key,) in _FAILED_MAIL(keys)}
        self._methods = ContactMethod.objects.listed_of(people)
        self._transports = configured()

    def ways(self, person: User, urgency: str, at: datetime) -> list[Way]:
        """All of them, in the order in which they are tried; also those that reach nobody."""
        methods = self._methods.get(person.pk, [])
        verified = [each for each in methods if each.is_verified]
        used = chosen(verified, person.pk in self._quiet, urgency)
        ways = [self._by_method(each, each in used, urgency, at) for each in methods]
        return [*ways, self._by_mail(person, at)]

    def is_reachable(self, person: User, at: datetime) -> bool:
        """By anything, if not in quiet hours."""
        ways = self.ways(person, Urgency.HIGH, at)
        return any(way.reaches or way.until for way in ways)

    def _by_mail(self, person: User, at: datetime) -> Way:
        detail = ""
        if person.pk in self._quiet:
            detail = "Reads calls on the page of messages only."
        elif not _is_address(person.email):
            detail = "No e-mail address in the profile."
        if detail:
            return Way(MAIL, person.email, Outcome.CANNOT, detail)
        if MAIL not in self._transports:
            return Way(MAIL, person.email, Outcome.MAY_FAIL, NO_SERVER)
        if person.pk in self._failed:
            return Way(MAIL, person.email, Outcome.MAY_FAIL, "The newest mail failed.")
        is_silent = is_night(at, person.zone)
        return Way(MAIL, person.email, Outcome.SILENT if is_silent else Outcome.ARRIVES)

    def _by_method(self, method: ContactMethod, is_used: bool, urgency: str, at: datetime) -> Way:
        if not method.is_verified:
            return Way(method.kind, str(method), Outcome.CANNOT, "Not verified.")
        if not is_used:
            return Way(method.kind, str(method), Outcome.CANNOT, "For what is urgent only.")
        if method.kind == MAIL and MAIL not in self._transports:
            return Way(method.kind, str(method), Outcome.MAY_FAIL, NO_SERVER)
        if method.kind not in self._transports:
            return Way(method.kind, str(method), Outcome.CANNOT, "Its transport is not set up.")
        if until := method.waits_until(CALLS.name, urgency, at):
            return Way(method.kind, str(method), Outcome.HELD, "Quiet hours.", until)
        if method.failures:
            detail = f"{method.failures} failed in a row."
            return Way(method.kind, str(method), Outcome.MAY_FAIL, detail)
        is_silent = method.kind == MAIL and is_night(at, method.person.zone)
        outcome = Outcome.SILENT if is_silent else Outcome.ARRIVES
        return Way(method.kind, str(method), outcome)


def way_of_channel(channel: Channel) -> Way:
    """A channel is read by whoever is awake."""
    kind, label = channel.kind, channel.shown_address
    if channel.kind not in configured():
        why = NO_SERVER if kind == MAIL else "Its transport is not set up."
        return Way(kind, label, Outcome.MAY_FAIL if kind == MAIL else Outcome.CANNOT, why)
    if channel.failures >= FAILING:
        return Way(kind, label, Outcome.MAY_FAIL, f"{channel.failures} failed in a row.")
    return Way(kind, label, Outcome.SILENT)


def _failed_mail(keys: list[int]) -> QuerySet:
    """Of these people, to whose address the newest mail failed."""
    mails = Delivery.objects.mailed().filter(recipient=OuterRef("pk"), to=OuterRef("email"))
    newest = Subquery(mails.order_by("-created_at", "-pk").values("state")[:1])
    people = User.objects.filter(pk__in=keys).annotate(newest_mail=newest)
    return people.filter(newest_mail=DeliveryState.FAILED).values_list("pk")


_FAILED_MAIL = PreparedAmong(_failed_mail)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def urgency_of(step: dict, terms: dict) -> str:
    """How urgent the messages of a step are, in an incident of such a severity."""
    if terms.get("is_urgent") or step["urgency"] == Urgency.HIGH:
        return Urgency.HIGH
    return Urgency.LOW
