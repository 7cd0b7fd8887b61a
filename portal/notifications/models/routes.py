"""To what a message goes: for a person, mail as they chose, and their contact methods."""

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from portal.accounts.models import User

from .choices import DeliveryState, Urgency
from .contact_methods import ContactMethod
from .targets import Target

NO_ADDRESS = "There is no e-mail address in the profile."
NOT_MAILED = "Not mailed, as the person chose."

Whom = str | User | Target


def routed(
    to: Iterable[Whom], *, quiet: Container[int], kind: str, urgency: str, at: datetime
) -> Iterator[dict[str, Any]]:
    """The columns of each delivery that say to whom, how, and when if later than the others.

    `quiet`: the keys of people who read it on their page only. What is urgent reaches them by
    their methods nevertheless. Raises ValidationError for what is no address.
    """
    to = list(to)
    people = [each for each in to if isinstance(each, User)]
    methods = ContactMethod.objects.of_people(people) if people else {}
    for each in to:
        yield addressed(each, quiet)
        if isinstance(each, User):
            yield from _by_methods(methods.get(each.pk, []), each.pk in quiet, kind, urgency, at)


def _by_methods(
    methods: list[ContactMethod], is_quiet: bool, kind: str, urgency: str, at: datetime
) -> Iterator[dict[str, Any]]:
    for method in chosen(methods, is_quiet, urgency):
        later = method.waits_until(kind, urgency, at)
        yield method.addressed() | ({"due_at": later} if later else {})


def chosen(methods: list[ContactMethod], is_quiet: bool, urgency: str) -> list[ContactMethod]:
    """All of them for what is urgent; else the first that wants the rest, if it is to be sent."""
    if urgency == Urgency.HIGH:
        return methods
    return [] if is_quiet else [method for method in methods if method.takes_all][:1]


def addressed(to: Whom, quiet: Container[int] = ()) -> dict[str, Any]:
    """The columns for one target, or for the mail of one person."""
    if isinstance(to, Target):
        return to.addressed()
    if isinstance(to, str):
        validate_email(to)
        return {"to": to}
    if to.pk in quiet:
        ended = {"state": DeliveryState.EXPIRED, "last_error": NOT_MAILED}
        return {"to": to.email, "recipient": to, **ended}
    try:
        validate_email(to.email)
    except ValidationError:
        ended = {"state": DeliveryState.FAILED, "last_error": NO_ADDRESS}
        return {"to": "", "recipient": to, **ended}
    return {"to": to.email, "recipient": to}
